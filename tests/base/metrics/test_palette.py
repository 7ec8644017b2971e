import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from img2img.base.metrics.palette import Palette, load, nearest


@given(arrays(np.uint8, (4, 5, 3)), arrays(np.uint8, (6, 3)))
def test_each_pixel_takes_the_nearest_colour(picture, colours):
    differences = picture[:, :, None].astype(int) - colours.astype(int)
    expected = (differences**2).sum(-1).argmin(-1)
    assert_array_equal(nearest(picture, Palette(tuple("abcdef"), colours)), expected)


@given(st.integers(0, 2))
def test_a_palettes_own_colours_are_its_classes(label):
    palette = Palette(("a", "b", "c"), np.array([[0, 0, 0], [9, 9, 9], [255, 0, 0]], np.uint8))
    assert (nearest(palette.colours[label].reshape(1, 1, 3), palette) == label).all()


def test_a_palette_is_a_text_file(tmp_path):
    path = tmp_path / "palette.txt"
    path.write_text("# town\n255 0 0 roof of tiles\n\n0 0 255 water\n")
    palette = load(path)
    assert palette.names == ("roof of tiles", "water")
    assert palette.colours.tolist() == [[255, 0, 0], [0, 0, 255]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3 a\n1 2 256 b", "line 2: '1 2 256 b' is not"),
        ("1 2 3 a\n1 2 3", "line 2: '1 2 3' is not"),
        ("1 2 3 a\n1 2 x b", "line 2"),
        ("1 2 3 a\n4 5 6 a", "'a' stands there twice"),
        ("", "names 0 classes"),
    ],
)
def test_a_palette_that_is_none_is_one_sentence(tmp_path, text, message):
    (tmp_path / "palette.txt").write_text(text)
    with pytest.raises(ValueError, match=rf"palette\.txt.*{message}"):
        load(tmp_path / "palette.txt")
