import numpy as np
import pytest

from img2img import images
from img2img.data.folders import recognise
from img2img.data.split import split

AB = np.random.default_rng(0).integers(0, 256, (4, 10, 3), np.uint8)


def tree(folder):
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_halves_go_to_a_and_b_with_their_subfolders(tmp_path):
    images.write(tmp_path / "in/train/1.png", AB)
    images.write(tmp_path / "in/val/2.bmp", AB)
    (tmp_path / "out").mkdir()
    assert split(tmp_path / "in", tmp_path / "out") == 2
    assert tree(tmp_path / "out") == [
        "A/train/1.png",
        "A/val/2.png",
        "B/train/1.png",
        "B/val/2.png",
    ]
    assert (images.read(tmp_path / "out/A/train/1.png") == AB[:, :5]).all()
    assert (images.read(tmp_path / "out/B/val/2.png") == AB[:, 5:]).all()
    kind = recognise(tmp_path / "out", paired=True).kind
    assert kind == "A/train and B/train: 1 train, 1 val"


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    images.write(tmp_path / "in/1.png", AB)
    images.write(tmp_path / "out/mine.png", AB)
    with pytest.raises(ValueError, match="out exists and is not an empty folder; choose another"):
        split(tmp_path / "in", tmp_path / "out")
    assert tree(tmp_path / "out") == ["mine.png"]


def test_odd_widths_are_named_before_anything_is_written(tmp_path):
    images.write(tmp_path / "in/1.png", AB)
    images.write(tmp_path / "in/2.png", AB[:, :9])
    with pytest.raises(ValueError, match=r"two halves: .*in/2\.png \(9\); crop them"):
        split(tmp_path / "in", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_pictures_too_narrow_for_two_are_named_but_not_in_a_folder_ab(tmp_path):
    images.write(tmp_path / "in/wide.png", AB)
    images.write(tmp_path / "in/narrow.png", AB[:, :6])
    with pytest.raises(ValueError, match=r"as high: .*in/narrow\.png \(6 x 4\); remove them, or"):
        split(tmp_path / "in", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    (tmp_path / "set").mkdir()
    (tmp_path / "in").rename(tmp_path / "set" / "AB")
    assert split(tmp_path / "set", tmp_path / "1") == 2
    assert split(tmp_path / "set" / "AB", tmp_path / "2") == 2


def test_nothing_is_left_of_a_split_that_failed(tmp_path):
    images.write(tmp_path / "in/1.png", AB)
    images.write(tmp_path / "in/2.png", np.tile(AB, (9, 9, 1)))
    data = (tmp_path / "in/2.png").read_bytes()
    (tmp_path / "in/2.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match=r"in/2\.png"):
        split(tmp_path / "in", tmp_path / "out")
    assert tree(tmp_path) == ["in/1.png", "in/2.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in"]


def test_two_files_of_one_name_and_no_pictures_are_refused(tmp_path):
    with pytest.raises(ValueError, match=r"no such folder: .*in; give one"):
        split(tmp_path / "in", tmp_path / "out")
    (tmp_path / "in").mkdir()
    with pytest.raises(ValueError, match="no pictures in"):
        split(tmp_path / "in", tmp_path / "out")
    images.write(tmp_path / "in/1.png", AB)
    images.write(tmp_path / "in/1.bmp", AB)
    with pytest.raises(ValueError, match="have the same name; rename or remove one"):
        split(tmp_path / "in", tmp_path / "out")
