import numpy as np
import pytest

from img2img import images
from img2img.data.folders import Layout, Split, recognise
from img2img.data.scan import Findings, scan
from img2img.data.transforms import Recipe
from img2img.images import Levels

SQUASH = Recipe(size=8)
CROP = Recipe(size=8, resize="none")


def put(path, height=8, width=8, channels=3, dtype=np.uint8):
    images.write(path, np.zeros((height, width, channels), dtype))


def two(root, count=2, **kind):
    for side in "AB":
        for number in range(count):
            put(root / f"train{side}" / f"{number}.png", **(kind if side == "B" else {}))


def scanned(root, recipe=SQUASH, paired=True):
    return scan(recognise(root, paired=paired), recipe, paired=paired)


def test_a_sound_set_has_encodings_sizes_and_no_warnings(tmp_path):
    two(tmp_path, height=8, width=8, channels=1)
    rgb, gray = Levels(channels=3), Levels(channels=1)
    assert scanned(tmp_path) == Findings(rgb, gray, smallest=(8, 8), warnings=[])


def test_one_domain_has_one_encoding(tmp_path):
    put(tmp_path / "1.png", channels=1, dtype=np.uint16)
    put(tmp_path / "2.png", channels=1, dtype=np.uint16)
    deep = Levels(channels=1, dtype="uint16", high=65535)
    assert scanned(tmp_path, paired=None) == Findings(deep, None, smallest=(8, 8), warnings=[])


def test_unreadable_files_are_counted_and_named(tmp_path):
    two(tmp_path, 13)
    for number in range(12):
        (tmp_path / "trainA" / f"{number}.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="12 of 26 pictures cannot be used") as caught:
        scanned(tmp_path)
    assert str(caught.value).count("cannot read") == 10
    assert str(caught.value).endswith("and 2 more")


def test_a_truncated_file_is_found_though_its_header_is_whole(tmp_path):
    two(tmp_path)
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    images.write(tmp_path / "trainB/1.png", noise)
    data = (tmp_path / "trainB/1.png").read_bytes()
    (tmp_path / "trainB/1.png").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match=r"1 of 4 pictures cannot be used:\n.*trainB/1\.png"):
        scanned(tmp_path)


def test_pairs_of_unequal_size_are_both_named(tmp_path):
    two(tmp_path, height=8, width=9)
    with pytest.raises(ValueError, match=r"A/0\.png \(8 x 8\) and .*B/0\.png \(9 x 8\)"):
        scanned(tmp_path)
    assert scanned(tmp_path, paired=False).smallest == (8, 8)


def test_pictures_below_the_crop_are_named_and_enlarged_ones_noted(tmp_path):
    two(tmp_path, height=6, width=9)
    with pytest.raises(ValueError, match=r"crop of 8 x 8: .*trainB/0\.png \(9 x 6\)"):
        scanned(tmp_path, CROP, paired=False)
    assert "enlarged" in scanned(tmp_path, paired=False).warnings[0]


def test_odd_widths_in_two_halves_are_named(tmp_path):
    put(tmp_path / "1.png", width=17)
    with pytest.raises(
        ValueError, match=r"odd widths do not fall into two halves, in 1 picture: .*1\.png \(17\)"
    ):
        scanned(tmp_path)
    put(tmp_path / "1.png", width=18)
    assert scanned(tmp_path).smallest == (9, 8)


def test_gray_among_colour_is_noted_and_mixed_depths_are_refused(tmp_path):
    two(tmp_path)
    put(tmp_path / "trainA/1.png", channels=1)
    found = scanned(tmp_path)
    assert found.A.channels == 3
    assert found.warnings == ["1 of 2 pictures in A are gray; they are read as RGB"]
    put(tmp_path / "trainA/1.png", channels=1, dtype=np.uint16)
    with pytest.raises(ValueError, match="A mixes kinds of pictures: uint8 with 3 channels"):
        scanned(tmp_path)


def test_one_picture_and_very_different_counts_are_noted(tmp_path):
    two(tmp_path, 1)
    assert "one picture only" in scanned(tmp_path).warnings[0]
    for number in range(6):
        put(tmp_path / "trainB" / f"{number}.png")
    notes = scanned(tmp_path, paired=False).warnings
    assert "A and B are of very different counts, 1 and 6" in notes


def test_test_is_not_looked_at(tmp_path):
    two(tmp_path)
    for side in "AB":
        (tmp_path / f"test{side}").mkdir()
        (tmp_path / f"test{side}/1.png").write_bytes(b"no picture")
    assert scanned(tmp_path).warnings == []


def test_pictures_that_are_drawn_are_looked_at_once(tmp_path):
    class Drawn(list):
        def stem(self, index: int) -> str:
            return "drawn"

    A, B = Drawn([np.zeros((8, 8, 1), np.uint8)] * 2), Drawn([np.zeros((8, 8, 3), np.uint8)] * 2)
    found = scan(Layout(tmp_path, "drawn", {"train": Split(A, B)}), SQUASH, paired=True)
    assert found.A.channels == 1 and found.B.channels == 3 and not found.warnings


def noisy(root, count=8):
    """Pairs of noise under other names in each split."""
    rng = np.random.default_rng(0)
    for split in ("train", "val"):
        for number in range(count):
            blocks = np.kron(rng.integers(0, 256, (8, 8, 3)), np.ones((4, 4, 1))).astype(np.uint8)
            for side in "AB":
                images.write(root / f"{split}{side}" / f"{number}.png", blocks)


def test_pairs_that_are_all_shifted_are_noted_and_those_in_place_are_not(tmp_path):
    noisy(tmp_path)
    assert scanned(tmp_path).warnings == []
    for path in (tmp_path / "trainB").iterdir():
        images.write(path, np.roll(images.read(path), (-2, 3), axis=(0, 1)))
    (note,) = scanned(tmp_path).warnings
    assert "shifted against A by 3 pixels to the right and -2 down" in note
    assert note.endswith("img2img data check says more")
    assert scanned(tmp_path, paired=False).warnings == []


def test_copies_of_train_in_val_are_noted_by_side(tmp_path):
    noisy(tmp_path)
    (tmp_path / "valB/3.png").write_bytes((tmp_path / "trainB/5.png").read_bytes())
    (note,) = scanned(tmp_path, paired=False).warnings
    assert note.startswith("1 file of val B are copies of those of train: 3.png;")


@pytest.mark.parametrize("mask", ["small", "unreadable", "sound"])
def test_masks_are_looked_at_before_the_first_step(mask, tmp_path):
    noisy(tmp_path)
    put(tmp_path / "mask.png", 32, 32 if mask == "sound" else 16)
    if mask == "unreadable":
        (tmp_path / "mask.png").write_bytes(b"none")
    (tmp_path / "data.csv").write_text("x,y,mask\ntrainA/1.png,trainB/1.png,mask.png\n")
    if mask == "sound":
        scanned(tmp_path)
        return
    with pytest.raises(ValueError, match=r"1 mask cannot be used: .*mask\.png"):
        scanned(tmp_path)
