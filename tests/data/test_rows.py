from pathlib import Path

import pytest

from img2img.data.rows import Row, Table, read


def table(root: Path, text: str, *, pictures: str = "a.png b.png c.png", **options) -> Path:
    """A data.csv of this text, beside files that nobody opens."""
    for name in pictures.split():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    file = root / "data.csv"
    file.write_text(text, **({"encoding": "utf-8"} | options))
    return file


def fault(root: Path, text: str, **options) -> str:
    """What is wrong with it, after the name of the file."""
    file = table(root, text, **options)
    with pytest.raises(ValueError) as caught:
        read(file)
    assert str(file) in str(caught.value)
    return str(caught.value).replace(str(file), "FILE")


def test_every_column_is_read(tmp_path):
    text = "x,y,mask,split,group,weight\na.png,b.png,c.png,test,slide 1,2.5\nb.png,,,,,\n"
    a, b, c = map(Path, ("a.png", "b.png", "c.png"))
    rows = (Row(2, a, b, c, "test", "slide 1", 2.5), Row(3, b))
    assert read(table(tmp_path, text)) == Table(tmp_path / "data.csv", rows, ())
    assert Row(3, b) == Row(3, b, None, None, "train", "", 1.0)


def test_one_column_is_enough_and_others_may_stand_anywhere(tmp_path):
    read_ = read(table(tmp_path, "note,y,doctor,\nfine,a.png,Ay,\n"))
    assert read_.rows == (Row(2, y=Path("a.png")),)
    assert read_.ignored == ("note", "doctor")


def test_a_spreadsheets_ways_are_understood(tmp_path):
    text = '\ufeffX , Split\r\n a.png ,TRAIN\r\n,\r\n\r\n"s\\b,1.png",Val\r\n'
    rows = read(table(tmp_path, text, pictures="a.png s/b,1.png", newline="")).rows
    assert rows == (Row(2, Path("a.png")), Row(5, Path("s/b,1.png"), split="val"))


FAULTS = {
    "x\n../a.png": "x '../a.png' leaves the table's folder; name a file below it",
    "x\ns/../../a.png": "x 's/../../a.png' leaves the table's folder; name a file below it",
    "x\ns\\..\\a.png": "x 's\\\\..\\\\a.png' leaves the table's folder; name a file below it",
    "y\n/a.png": "y '/a.png' leaves the table's folder; name a file below it",
    "y\nC:\\a.png": "y 'C:\\\\a.png' leaves the table's folder; name a file below it",
    "x\nd.png": "x 'd.png' is no file below {}; correct the path",
    "x,mask\na.png,s": "mask 's' is no file below {}; correct the path",
    "x,y,group\n,,1": "neither x nor y; name a picture, or remove the row",
    "x,split\na.png,valid": "unknown split 'valid'; choose from train, val, test",
    "x,weight\na.png,-1": "weight '-1' is no number from 0 on; correct it, or leave it out",
    "x,weight\na.png,nan": "weight 'nan' is no number from 0 on; correct it, or leave it out",
    "x,weight\na.png,inf": "weight 'inf' is no number from 0 on; correct it, or leave it out",
    "x,weight\na.png,much": "weight 'much' is no number from 0 on; correct it, or leave it out",
    'x,weight\na.png,"0,5"': "weight '0,5' is no number from 0 on; correct it, or leave it out",
    "x,y\na.png": "cells: 1, columns: 2; put quotes around a comma of a name",
    "x\na,png": "cells: 2, columns: 1; put quotes around a comma of a name",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_fault_is_one_sentence_with_its_row(tmp_path, text):
    (tmp_path / "s").mkdir()
    said = fault(tmp_path, text)
    assert said == f"FILE, row 2: {FAULTS[text]}".format(tmp_path)


def test_the_same_pictures_twice_are_refused(tmp_path):
    said = fault(tmp_path, "x,y,group\na.png,b.png,1\na.png,c.png,1\na.png,b.png,2\n")
    assert said == "FILE, row 4: the same pictures as in row 2; remove one of the two"


def test_all_faults_are_told_at_once_by_the_rows_of_the_spreadsheet(tmp_path):
    lines = ["x", "a.png", "", *(f"{i}.png" for i in range(12))]
    said = fault(tmp_path, "\n".join(lines)).splitlines()
    assert said[0] == "12 rows of FILE cannot be used:"
    assert said[1].startswith("  row 4: x '0.png' is no file") and said[10].startswith("  row 13")
    assert said[11:] == ["  and 2 more"]


def test_a_header_that_names_no_picture_is_shown(tmp_path):
    assert "no column x or y, but x;y;split; its first row names" in fault(tmp_path, "x;y;split\n")
    assert "no column x or y, but a.png, b.png; its first" in fault(tmp_path, "a.png,b.png\n")
    assert "no column x or y, but nothing; its first" in fault(tmp_path, "\n")
    assert "FILE has two columns x; rename one" in fault(tmp_path, "x,y,X\na.png,b.png,c.png\n")
    assert "FILE has no rows below its header; add one" in fault(tmp_path, "x,y\n\n,\n")


def test_what_is_no_csv_in_utf8_is_refused(tmp_path):
    assert "save it as CSV, in UTF-8" in fault(tmp_path, "x\nä.png\n", encoding="latin-1")
    assert "save it as CSV, in UTF-8" in fault(tmp_path, "x\na.png\n", encoding="utf-16")
    said = fault(tmp_path, 'x\n"a.png\nb.png\nc.png\n')
    assert "unexpected end of data; save it as CSV" in said
