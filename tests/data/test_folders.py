from pathlib import Path

import numpy as np
import pytest

from img2img import images
from img2img.data.folders import Layout, recognise


def put(folder: Path, *names: str, size: tuple[int, int] = (4, 6)) -> None:
    """Pictures (height, width), each of one colour: its place in `names`."""
    for level, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        images.write(path, np.full((*size, 3), level, np.uint8))


def stems(layout: Layout) -> dict[str, list[list[str]]]:
    return {
        name: [[side.stem(i) for i in range(len(side))] for side in split if side is not None]
        for name, split in layout.splits.items()
    }


STYLES = [("{}A", "{}B"), ("{}_A", "{}_B"), ("A/{}", "B/{}")]


@pytest.mark.parametrize(("a", "b"), STYLES)
@pytest.mark.parametrize("paired", [True, False])
def test_two_folders_are_recognised_in_every_style(tmp_path, a, b, paired):
    for split in ("train", "val", "test"):
        put(tmp_path / a.format(split), "1.png", "2.png")
        put(tmp_path / b.format(split), "1.png", "2.png")
    layout = recognise(tmp_path, paired=paired)
    assert layout.kind == f"{a.format('train')} and {b.format('train')}: 2 train, 2 val, 2 test"
    assert stems(layout) == {s: [["1", "2"], ["1", "2"]] for s in ("train", "val", "test")}


def test_two_plain_folders_are_all_train_and_val_is_taken_from_it(tmp_path):
    put(tmp_path / "A", *(f"{i}.png" for i in range(1, 31)))
    put(tmp_path / "B", *(f"{i}.png" for i in range(1, 6)))
    layout = recognise(tmp_path, paired=False)
    assert layout.kind == "A and B: 30 + 5 train"  # B cannot spare any
    put(tmp_path / "B", *(f"{i}.png" for i in range(1, 31)))
    layout = recognise(tmp_path, paired=True)
    assert stems(layout)["val"] == [["10", "20", "30"]] * 2
    assert not set(stems(layout)["train"][0]) & {"10", "20", "30"}
    assert layout.kind == "A and B: 27 train, 3 val"


def test_side_by_side_pictures_are_read_by_their_halves(tmp_path):
    wide = np.zeros((3, 8, 3), np.uint8)
    wide[:, 4:] = 9
    images.write(tmp_path / "train/1.png", wide)
    layout = recognise(tmp_path, paired=True)
    A, B = layout.splits["train"]
    assert layout.kind == "side-by-side AB pictures: 1 train"
    assert A[0].shape == B[0].shape == (3, 4, 3)
    assert (A[0] == 0).all() and (B[0] == 9).all()
    assert A.stem(0) == B.stem(0) == "1"


def test_an_odd_width_is_halved_where_the_reference_does(tmp_path):
    put(tmp_path, "1.png", size=(2, 7))
    A, B = recognise(tmp_path, paired=True).splits["train"]
    assert (A[0].shape[1], B[0].shape[1]) == (3, 4)


def test_a_folder_named_ab_may_hold_halves_of_any_shape(tmp_path):
    put(tmp_path / "AB" / "train", "1.png", size=(9, 4))
    A, B = recognise(tmp_path, paired=True).splits["train"]
    assert A[0].shape == B[0].shape == (9, 2, 3)


def test_one_folder_serves_without_a_condition(tmp_path):
    put(tmp_path, "b/2.png", "b/10.png", "a/1.png")
    layout = recognise(tmp_path, paired=None)
    assert stems(layout) == {"train": [["a/1", "b/2", "b/10"]]}
    assert layout.splits["train"].B is None
    put(tmp_path / "train", "1.png")
    put(tmp_path / "test", "1.png")
    assert recognise(tmp_path, paired=None).kind == "one folder of pictures: 1 train, 1 test"


@pytest.mark.parametrize(("count", "spared"), [(9, 0), (10, 1), (19, 1), (99, 9), (1001, 91)])
def test_val_is_a_tenth_of_train_and_a_hundred_at_most(tmp_path, count, spared):
    (tmp_path / "train").mkdir()
    for i in range(count):
        (tmp_path / "train" / f"{i}.png").touch()  # not looked into
    splits = recognise(tmp_path, paired=None).splits
    assert len(splits["val"].A if "val" in splits else ()) == spared
    assert len(splits["train"].A) == count - spared


def test_test_is_never_taken_for_training(tmp_path):
    put(tmp_path / "testA", "1.png")
    put(tmp_path / "testB", "1.png")
    with pytest.raises(ValueError, match="no known layout"):
        recognise(tmp_path, paired=False)
    put(tmp_path / "one/test", "1.png", size=(2, 4))
    for paired in (True, None):
        with pytest.raises(ValueError, match="no known layout"):
            recognise(tmp_path / "one", paired=paired)


def test_an_unknown_tree_is_shown_beside_the_known_ones(tmp_path):
    put(tmp_path, "cats/1.png", *(f"z{i}.png" for i in range(9)))
    with pytest.raises(ValueError) as caught:
        recognise(tmp_path, paired=True)
    text = str(caught.value)
    assert "expected:\n  trainA/ trainB/" in text
    assert "or a data.csv with a column x or y" in text
    assert "found:\n  cats/\n  z0.png" in text and text.endswith("... and 2 more")


def test_half_a_layout_is_refused(tmp_path):
    put(tmp_path / "trainA", "1.png", size=(2, 4))
    with pytest.raises(ValueError, match="trainA/"):
        recognise(tmp_path, paired=True)


def test_a_missing_or_empty_folder_is_one_sentence(tmp_path):
    with pytest.raises(ValueError, match=r"^no such folder: .*none; give one with pictures in it$"):
        recognise(tmp_path / "none", paired=True)
    with pytest.raises(ValueError, match=r"^no pictures in .*; their suffixes are "):
        recognise(tmp_path, paired=True)
    put(tmp_path / "trainA", "1.png")
    (tmp_path / "trainB").mkdir()
    with pytest.raises(ValueError, match=r"^no pictures in .*trainB; add some"):
        recognise(tmp_path, paired=False)


def test_importing_the_folders_is_light():
    import subprocess
    import sys

    heavy = "import sys, img2img.data.folders; print({'torch', 'albumentations'} & {*sys.modules})"
    run = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"


def tabled(root: Path, text: str, **options) -> Layout:
    """A data.csv of this text, beside a0.png to a39.png and b0.png to b39.png."""
    for name in (f"{side}{i}.png" for side in "ab" for i in range(40)):
        (root / name).touch()  # not looked into
    (root / "data.csv").write_text(text)
    return recognise(root, **options)


def lines(header: str, row: str, count: int) -> str:
    return "\n".join([header, *(row.format(i=i, half=i // 2) for i in range(count))])


def test_a_table_is_the_layout_whatever_the_folders_are_called(tmp_path):
    put(tmp_path / "trainA", "1.png")
    put(tmp_path / "trainB", "1.png")
    layout = tabled(tmp_path, "y,x\nb3.png,a5.png\ntrainB/1.png,trainA/1.png\n", paired=True)
    assert layout.kind == "data.csv: 2 train"
    assert stems(layout) == {"train": [["a5", "trainA/1"]] * 2}  # B has the names of A
    assert layout.splits["train"].B.files == (tmp_path / "b3.png", tmp_path / "trainB/1.png")


def test_what_a_table_says_is_told(tmp_path):
    text = lines("x,y,group,mask,weight,note", "a{i}.png,b{i}.png,g{half},b0.png,{i},fine", 40)
    said = "20 groups, masks, weights; ignored: note"
    assert tabled(tmp_path, text, paired=True).kind == f"data.csv: 36 train, 4 val, {said}"
    few = "x,y,group,weight\na0.png,,1,2\n,b0.png,1,2\na1.png,,,2\n"
    assert tabled(tmp_path, few, paired=False).kind == "data.csv: 2 + 1 train, 1 group"


def test_pairs_share_masks_and_weights(tmp_path):
    text = "x,y,mask,weight,split\na0.png,b0.png,a9.png,2,\na1.png,b1.png,,,\na2.png,b2.png,,,test"
    splits = tabled(tmp_path, text, paired=True).splits
    for side in splits["train"]:
        assert side.masks == (tmp_path / "a9.png", None) and side.weights == (2, 1)
        assert side.masked
    assert not splits["test"].A.masked and splits["test"].A.weights == ()


def test_domains_apart_have_the_masks_and_weights_of_their_rows(tmp_path):
    text = "x,y,mask,weight\na0.png,,a9.png,2\n,b0.png,,3\na1.png,b1.png,b9.png,4\n"
    A, B = tabled(tmp_path, text, paired=False).splits["train"]
    assert (A.files, B.files) == tuple(
        (tmp_path / f"{s}0.png", tmp_path / f"{s}1.png") for s in "ab"
    )
    assert A.weights == (2, 4) and B.weights == (3, 4)
    assert A.masks == (tmp_path / "a9.png", tmp_path / "b9.png")
    assert B.masks == (None, tmp_path / "b9.png") and B.stem(1) == "b1"


def test_one_domain_is_x_or_else_y(tmp_path):
    one = tabled(tmp_path, "x,y\na0.png,b0.png\n,b1.png\n", paired=None)
    assert stems(one) == {"train": [["a0"]]} and one.splits["train"].B is None
    assert stems(tabled(tmp_path, "y\nb0.png\n", paired=None)) == {"train": [["b0"]]}


@pytest.mark.parametrize("paired", [True, False, None])
def test_no_group_is_in_train_and_in_val(tmp_path, paired):
    text = lines("x,y,group", "a{i}.png,b{i}.png,g{half}", 40)
    splits = tabled(tmp_path, text, paired=paired).splits
    numbers = {
        name: {int(side.stem(i)[1:]) // 2 for side in split if side for i in range(len(side))}
        for name, split in splits.items()
    }
    assert len(numbers["val"]) == 2 and not numbers["val"] & numbers["train"]


def test_a_val_that_is_given_is_all_of_it(tmp_path):
    text = lines("x,split", "a{i}.png,", 39) + "\na39.png,val\n"
    layout = tabled(tmp_path, text, paired=None)
    assert layout.kind == "data.csv: 39 train, 1 val"


TABLES = {
    ("x,y\na0.png,b0.png\na1.png,\n,b1.png", True): "rows 3, 4 without x or y; pairs have both",
    ("x\na0.png", True): "row 2 without x or y; pairs have both",
    ("x\na0.png", False): "no y in train; name some there",
    ("x,split\na0.png,test", None): "no x in train; name some there",
    ("x,y,split\na0.png,b0.png,\na1.png,,test", False): "no y in test; name some there, or leave",
    ("x,weight\na0.png,0\na1.png,0", None): "every x in train has weight 0, and none would be",
    ("x,group,split\na0.png,1,\na1.png,1,val", None): "group '1' stands in train (row 2) and val",
    ("x\na0.png\n\nc.png", None): "data.csv, row 4: x 'c.png' is no file below",
}


@pytest.mark.parametrize(("text", "paired"), TABLES)
def test_a_table_that_cannot_serve_is_one_sentence(tmp_path, text, paired):
    with pytest.raises(ValueError) as caught:
        tabled(tmp_path, text, paired=paired)
    assert TABLES[text, paired] in str(caught.value) and "data.csv" in str(caught.value)
    assert "\n" not in str(caught.value)
