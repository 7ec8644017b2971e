import numpy as np
import pytest
from tiny import written

from img2img import images
from img2img.data.resolution_folders import recognise_resolutions
from img2img.data.resolution_scan import scan_resolutions
from img2img.data.transforms import Recipe

RECIPE = Recipe(size=16, resize="none")


def scanned(root, scale=4):
    return scan_resolutions(recognise_resolutions(root), RECIPE, scale)


def both(root, low, high):
    written(root, *low, folder="LR")
    return written(root, *high, folder="HR")


def test_what_is_found_holds_for_both_and_the_smallest_sides_are_those_of_high(tmp_path):
    found = scanned(both(tmp_path, [(10, 12, 1), (8, 9, 3)], [(40, 48, 3), (32, 36, 3)]))
    assert found.smallest == (36, 32) and found.B is None
    assert found.A.channels == 3 and found.A.dtype == "uint8"
    assert found.warnings == ["1 of 2 pictures in A are gray; they are read as RGB"]


def test_high_alone_may_be_of_any_size_that_holds_the_crop(tmp_path):
    assert scanned(written(tmp_path, (41, 50, 3), (16, 99, 3))).smallest == (50, 16)
    with pytest.raises(
        ValueError, match=r"1 picture smaller than .* 16 x 16: .*2.png \(15 x 70\)"
    ) as refused:
        scanned(written(tmp_path, (41, 50, 3), (16, 99, 3), (70, 15, 3)))
    assert "resize" not in str(refused.value)


@pytest.mark.parametrize(
    ("low", "high"), [((10, 12), (41, 48)), ((10, 12), (40, 47)), ((20, 24), (40, 48))]
)
def test_pairs_that_do_not_fit_are_named_with_both_sizes(tmp_path, low, high):
    both(tmp_path, [(10, 10, 3), (*low, 3)], [(40, 40, 3), (*high, 3)])
    sizes = rf"1.png \({low[1]} x {low[0]}\) and .*1.png \({high[1]} x {high[0]}\)"
    with pytest.raises(
        ValueError, match=rf"^1 pair whose HR is not 4 times its LR: .*LR.*{sizes}; "
    ):
        scanned(tmp_path)


def test_depths_are_not_mixed_between_the_resolutions(tmp_path):
    written(tmp_path, (10, 10, 1), folder="LR")
    images.write(tmp_path / "HR/0.png", np.zeros((40, 40, 1), np.uint16))
    with pytest.raises(ValueError, match=r"the data set mixes kinds of pictures: uint8 .* uint16"):
        scanned(tmp_path)


def test_a_mask_is_of_the_size_of_high(tmp_path):
    both(tmp_path, [(10, 10, 3)], [(40, 40, 3)])
    written(tmp_path, (10, 10, 1), folder="masks")
    (tmp_path / "data.csv").write_text("x,y,mask\nLR/0.png,HR/0.png,masks/0.png\n")
    with pytest.raises(ValueError, match=r"masks.0.png is of another size than .*HR.0.png"):
        scanned(tmp_path)


def test_copies_of_train_in_val_are_told(tmp_path):
    written(tmp_path, (40, 40, 3), folder="train")
    written(tmp_path, (40, 40, 3), folder="val")
    assert any("1 file of val A are copies" in note for note in scanned(tmp_path).warnings)
