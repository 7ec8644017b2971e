from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.base.metrics.identity import Identity, told

DRAW = np.random.default_rng(0)
PICTURES = [
    DRAW.integers(0, 256, (h, w, 3), np.uint8) for h, w in ((4, 5), (4, 5), (4, 5), (6, 3), (5, 4))
]


def of(pictures):
    return Identity.of([told(each) for each in pictures])


@given(st.permutations(range(5)), st.integers(0, 5))
def test_neither_order_nor_batches_play_a_part(order, cut):
    given = [PICTURES[i] for i in order]
    parts = of(given[:cut]) + of(given[cut:])
    assert parts.sha256 == of(PICTURES).sha256
    assert parts.resolutions == of(PICTURES).resolutions == "5 x 4, 3 x 6, 4 x 5"
    assert reduce(add, (of([each]) for each in given)).sha256 == parts.sha256


@given(st.integers(0, 4), st.integers(0, 3), st.integers(0, 2), st.integers(0, 2))
def test_a_pixel_plays_one(index, y, x, channel):
    changed = [each.copy() for each in PICTURES]
    changed[index][y, x, channel] ^= 1
    assert of(changed).sha256 != of(PICTURES).sha256


def test_a_picture_counts_as_often_as_it_is_there():
    assert of(PICTURES[:1] * 2).sha256 != of(PICTURES[:1]).sha256


@pytest.mark.parametrize(
    "other", [PICTURES[0].astype(np.uint16), PICTURES[0].reshape(5, 4, 3), PICTURES[0][..., :1]]
)
def test_so_do_depth_and_shape(other):
    assert of([other]).sha256 != of(PICTURES[:1]).sha256


def test_sizes_are_told_width_first_and_the_most_frequent_first():
    sizes = [(1, i) for i in (9, 7, 7, 7, 8, 8, 1, 2)]
    assert of([np.zeros((*size, 1), np.uint8) for size in sizes]).resolutions.startswith(
        "7 x 1, 8 x 1, 1 x 1 and 2 others ("
    )
    assert Identity().resolutions == ""


def test_hidden_pixels_play_no_part_and_where_they_are_does():
    mask = np.ones(PICTURES[0].shape[:2], bool)
    mask[0, 0] = False
    changed = PICTURES[0].copy()
    changed[0, 0] += 1
    assert told(changed, mask) == told(PICTURES[0], mask) != told(PICTURES[0])
    assert told(PICTURES[0], mask | True) == told(PICTURES[0])
    assert told(PICTURES[0], mask[::-1, ::-1]) != told(PICTURES[0], mask)


def test_where_pixels_are_hidden_tells_even_if_the_rest_is_alike():
    flat = np.full((4, 5, 3), 7, np.uint8)
    masks = [np.ones((4, 5), bool) for _ in range(2)]
    masks[0][0, 0] = masks[1][3, 4] = False
    assert told(flat, masks[0]) != told(flat, masks[1])
