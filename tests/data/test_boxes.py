import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.data.boxes import Box

SIDES = st.integers(12, 40)


@given(SIDES, SIDES, st.integers(0, 9), st.integers(0, 99))
def test_a_place_in_a_part_is_the_same_place_of_the_whole(height, width, margin, seed):
    picture = np.arange(height * width).reshape(height, width, 1)
    box = Box.drawn(picture, 12, 4, np.random.default_rng(seed))
    around = box.widened(margin, picture)
    assert box.of(picture).shape == (12, 12, 1)
    assert np.array_equal(box.inside(around).of(around.of(picture)), box.of(picture))
    top, left = (max(corner - margin, 0) for corner in box[:2])
    bottom, right = min(box.top + 12 + margin, height), min(box.left + 12 + margin, width)
    assert around == (top, left, bottom - top, right - left)


def test_a_place_is_the_same_of_a_picture_that_is_so_many_times_smaller():
    large = np.arange(24 * 32).reshape(24, 32, 1)
    box = Box(8, 12, 4, 16)
    assert np.array_equal(box.over(4).of(large[::4, ::4]), box.of(large)[::4, ::4])


def test_every_aligned_corner_is_drawn_and_no_other():
    picture = np.zeros((13, 17, 1))
    boxes = [Box.drawn(picture, 8, 4, np.random.default_rng(seed)) for seed in range(200)]
    assert {box[:2] for box in boxes} == {(top, left) for top in (0, 4) for left in (0, 4, 8)}


def test_the_middle_is_aligned():
    assert Box.middle(np.zeros((31, 40, 1)), 8, 4) == (8, 16, 8, 8)


@pytest.mark.parametrize("draw", [Box.middle, lambda *a: Box.drawn(*a, np.random.default_rng())])
def test_a_picture_that_is_smaller_is_refused(draw):
    with pytest.raises(ValueError, match="the picture is 20 x 7, and 8 x 8 are to be cut"):
        draw(np.zeros((7, 20, 1)), 8, 4)
