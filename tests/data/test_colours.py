from collections import Counter
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.data import colours
from img2img.data.colours import Colours, border, cells, clusters

PARTS = st.lists(st.lists(st.integers(0, 9), max_size=40), min_size=1, max_size=5)


def listed(found):
    values = map(tuple, found.values.tolist())
    return dict(zip(values, found.counts.tolist(), strict=True))


@pytest.mark.parametrize(
    ("dtype", "channels"), [("uint8", 1), ("uint8", 3), ("uint8", 5), ("uint16", 3), ("float32", 2)]
)
def test_colours_are_counted_exactly_and_parts_add(dtype, channels):
    pixels = np.random.default_rng(0).integers(-1, 2, (300, channels)).astype(dtype)
    found = Colours.of(pixels[:100]) + Colours.of(pixels[100:])
    assert found.values.dtype == pixels.dtype
    assert listed(found) == dict(Counter(map(tuple, pixels.tolist())))
    assert (found.pixels, found.short) == (300, 0)
    assert (np.diff(found.counts) <= 0).all()


def test_of_wide_pixels_the_first_channels_are_seen():
    pixels = np.array([[1, 2, 3], [1, 2, 4]], np.float32)
    assert listed(Colours.of(pixels)) == {(1, 2): 2}


def test_the_two_zeros_are_one_colour():
    assert listed(Colours.of(np.array([[0.0], [-0.0]], np.float32))) == {(0,): 2}


@given(PARTS)
def test_no_count_is_too_high_nor_short_by_more_than_is_said(parts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(colours, "LIMIT", 3)
        states = [Colours.of(np.array(part, np.uint8).reshape(-1, 1)) for part in parts]
        found = reduce(add, states)
    true = Counter(value for part in parts for value in part)
    kept = {value: count for (value,), count in listed(found).items()}
    assert len(kept) <= 3
    assert all(0 <= count - kept.get(value, 0) <= found.short for value, count in true.items())
    assert kept.keys() <= true.keys()
    assert found.short <= found.pixels / 4


def test_cells_add_up_to_the_pixels_and_hold_eight_levels():
    picture = np.array([[[0, 7, 8], [7, 0, 15], [255, 255, 255]]], np.uint8)
    counts = cells(picture)
    assert counts[0, 0, 1] == 2
    assert counts[31, 31, 31] == 1
    assert counts.sum() == 3


def test_clusters_are_the_colours_of_a_noisy_map():
    rng = np.random.default_rng(0)
    palette = np.array([[0, 0, 255], [255, 128, 0], [40, 200, 40]])
    classes = rng.choice(3, 4000, p=(0.5, 0.3, 0.2))
    noisy = np.clip(palette[classes] + rng.normal(0, 3, (4000, 3)), 0, 255).astype(np.uint8)
    found, shares = clusters(cells(noisy[None]))
    assert np.abs(found.astype(int) - palette).max() <= 8
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=0.03)


def test_the_border_is_what_runs_straight_in_from_it():
    picture = np.full((9, 9, 1), 5, np.uint8)
    picture[:, :3] = picture[4, 6] = picture[:, -1] = 0
    picture[0, 3] = picture[8, 4] = 0
    picture[5, 3:5] = 0
    found = border(picture)
    assert listed(found) == {(0,): 9 * 3 + 9 + 2 + 2}  # without the dot in the middle
    assert found.pixels == 81


def test_a_border_that_is_not_finite_has_no_colour():
    assert listed(border(np.full((4, 4, 2), np.nan, np.float32))) == {}
