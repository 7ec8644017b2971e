import numpy as np
import pytest
from numpy.testing import assert_array_equal

from img2img.base.metrics.classes import coloured, indexed
from img2img.base.metrics.palette import Palette

PALETTE = Palette(("black", "white"), np.array([[0] * 3, [255] * 3], np.uint8))
GRAY = np.arange(6, dtype=np.uint8).reshape(2, 3, 1)


@pytest.mark.parametrize("picture", [GRAY, GRAY.astype(np.uint16), np.repeat(GRAY, 3, axis=2)])
def test_an_index_map_holds_its_labels(picture):
    classes = indexed(6, ignore=255)
    assert_array_equal(classes.label(picture), [[0, 1, 2], [3, 4, 5]])
    assert classes.names == ("0", "1", "2", "3", "4", "5")
    assert (classes.told, classes.ignore) == ("pixel value", 255)


def test_a_coloured_map_holds_the_nearest_colours_classes():
    classes = coloured(PALETTE, ignore=1)
    assert_array_equal(classes.label(np.array([[[9, 9, 9], [200, 255, 90]]], np.uint8)), [[0, 1]])
    assert (classes.names, classes.ignore) == (("black", "white"), 1)


def test_a_picture_that_is_no_label_map_is_refused():
    colours = np.array([[[1, 2, 3]]], np.uint8)
    for label, picture, message in [
        (indexed(4).label, colours, "whole numbers in gray, not uint8 in 3 channels; give a pal"),
        (indexed(4).label, colours[..., :1].astype(np.float32), "not float32 in 1 channels"),
        (coloured(PALETTE).label, colours[..., :1], "not uint8 in 1 channels; convert"),
        (coloured(PALETTE).label, colours.astype(np.uint16), "not uint16 in 3 channels"),
    ]:
        with pytest.raises(ValueError, match=message):
            label(picture)


def test_classes_that_cannot_be_are_one_sentence():
    for make, message in [
        (lambda: indexed(1), "1 classes cannot be told apart"),
        (lambda: indexed(3, -1), "no pixel holds the label -1"),
        (lambda: coloured(PALETTE, 2), "no class 2 to ignore; choose 0 to 1"),
    ]:
        with pytest.raises(ValueError, match=message):
            make()


def test_numbers_are_shown_in_colours_and_what_is_no_class_in_black():
    shown = indexed(4).show(np.arange(6, dtype=np.uint16).reshape(1, 6, 1))[0]
    assert shown.dtype == np.uint8 and len({tuple(it) for it in shown[:4].tolist()}) == 4
    assert shown[:4].max(1).min() > 100 and not shown[4:].any()
    assert coloured(PALETTE).show is None
