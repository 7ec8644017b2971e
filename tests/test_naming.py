from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny import written

from img2img.naming import distinct, folded, planned, printable


def plan(source, out, format="png", samples=1):
    return planned(Path(source), Path(out), format=format, samples=samples)


@given(st.lists(st.text("aAbß.é", min_size=1, max_size=4), unique=True, max_size=6))
def test_every_input_gets_a_name_of_its_own_on_any_disk(names):
    paths = [Path(f"{name}{suffix}") for name in names for suffix in (".png", ".jpg")]
    found = distinct(paths, "png")
    assert len({folded(name) for name in found}) == len(paths)


def test_a_name_does_not_depend_on_the_others_but_where_they_are_twins():
    assert distinct([Path("a/b.jpg"), Path("c.tif")], "png") == ["a/b.png", "c.png"]
    first, second = distinct([Path("b.jpg"), Path("B.jpg")], "png")
    assert (
        first.startswith("b~") and second.startswith("B~") and len(first) == len("b~12345678.png")
    )
    assert distinct([Path("a/b.jpg"), Path("b.jpg")], "png") == ["a/b.png", "b.png"]
    assert distinct([Path("b.c.jpg")], "png") == ["b.c.png"]


def test_a_name_too_long_for_a_disk_is_cut():
    (name,) = distinct([Path("ä" * 120 + ".png")], "webp")
    assert len(name.encode()) < 200 and "~" in name


def test_the_tree_is_mirrored_in_natural_order(tmp_path):
    source = written(written(tmp_path / "in", *[(2, 2, 3)] * 11), (2, 2, 3), folder="deep/er")
    jobs = plan(source, tmp_path / "out", format="jpg")
    assert [job.name for job in jobs][:3] == ["0.png", "1.png", "2.png"]
    assert [job.name for job in jobs][-2:] == ["10.png", "deep/er/0.png"]
    assert jobs[-1].outputs == (tmp_path / "out/deep/er/0.jpg",)
    assert plan(source, tmp_path / "out", samples=2)[0].outputs == (
        tmp_path / "out/0_0.png",
        tmp_path / "out/0_1.png",
    )


def test_one_picture_goes_to_a_folder_or_to_a_file(tmp_path):
    source = written(tmp_path, (2, 2, 3)) / "0.png"
    (job,) = plan(source, tmp_path / "out", format="webp")
    assert (job.name, job.outputs) == ("0.png", (tmp_path / "out/0.webp",))
    (job,) = plan(source, tmp_path / "other.jpg")
    assert job.outputs == (tmp_path / "other.jpg",)
    (tmp_path / "v1.5").mkdir()
    (job,) = plan(source, tmp_path / "v1.5")
    assert job.outputs == (tmp_path / "v1.5/0.png",)
    (job,) = plan(source, tmp_path / "other.jpg", samples=2)
    assert job.outputs == (tmp_path / "other_0.jpg", tmp_path / "other_1.jpg")


def test_what_was_made_before_inside_the_input_is_no_input(tmp_path):
    source = written(written(tmp_path, (2, 2, 3)), (2, 2, 3), folder="out")
    assert [job.name for job in plan(source, tmp_path / "out")] == ["0.png"]


def test_nothing_is_written_upon_an_input(tmp_path):
    source = written(tmp_path / "in", (2, 2, 3))
    (tmp_path / "link").symlink_to(source)
    for out in (source, tmp_path / "link", source / ".." / "in"):
        with pytest.raises(ValueError, match="is the input folder too; give another output"):
            plan(source, out)
    for out in (source, source / "0.png", tmp_path / "link" / "0.png"):
        with pytest.raises(ValueError, match=r"0.png is an input too; give another output"):
            plan(source / "0.png", out)
    (source / "sub").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "0.png").symlink_to(source / "0.png")
    with pytest.raises(ValueError, match=r"out/0.png is an input too"):
        plan(source, tmp_path / "out")


def test_what_cannot_be_planned_is_one_sentence(tmp_path):
    source = written(tmp_path / "in", (2, 2, 3))
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for arguments, message in [
        ((tmp_path / "none", "out"), "there is no .*none; give a picture or a folder of pictures"),
        ((tmp_path / "empty", "out"), "no pictures in .*empty; their suffixes are .bmp .dcm .gif"),
        ((source, "out", "gif"), "unknown format 'gif'; choose from png, jpg, webp, tiff, npy"),
        ((source, "out", "png", 0), "0 samples cannot be drawn; choose 1 or more"),
        (
            (source / "0.png", tmp_path / "one.txt"),
            "one.txt is no picture's name; end it in .*webp",
        ),
        ((source / "0.png", tmp_path / "file"), "file is no picture's name; .*or give a folder"),
        ((source, tmp_path / "file"), "file is a file, but .*in a folder; give a folder"),
    ]:
        with pytest.raises(ValueError, match=message):
            plan(*arguments)


def test_what_a_terminal_cannot_show_is_written_out():
    assert printable("a\nb\x1b[0m") == "a\\nb\\x1b[0m"
    assert printable("a\udcff ä") == "a\\udcff ä"
