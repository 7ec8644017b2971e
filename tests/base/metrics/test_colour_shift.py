import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from skimage.color import deltaE_cie76, rgb2lab

from img2img.base.metrics.colour_shift import Colours, colour_shift

SIZES = [(4, 6), (9, 3), (1, 1), (16, 16)]


def draw(size, seed=0):
    return np.random.default_rng(seed).random((*size, 3))


def flat(*colour):
    return np.full((2, 3, len(colour)), colour, float)


@settings(max_examples=20)
@given(st.tuples(*[st.floats(0, 1)] * 3), st.tuples(*[st.floats(0, 1)] * 3))
def test_of_flat_pictures_it_is_delta_e(one, other):
    shift = colour_shift(Colours.of([flat(*one)]), Colours.of([flat(*other)]))
    parts = rgb2lab(one) - rgb2lab(other)
    assert shift.distance == approx(deltaE_cie76(rgb2lab(one), rgb2lab(other)), abs=2e-6)
    assert shift[1:] == approx(tuple(parts), abs=2e-6)


def test_the_parts_tell_the_direction():
    base = Colours.of([flat(0.5, 0.5, 0.5)])
    assert colour_shift(Colours.of([flat(0.6, 0.6, 0.6)]), base).lightness > 5
    assert colour_shift(Colours.of([flat(0.6, 0.5, 0.5)]), base).red > 5
    assert colour_shift(Colours.of([flat(0.5, 0.5, 0.6)]), base).yellow < -5


@settings(max_examples=20)
@given(st.permutations(range(4)), st.integers(0, 4))
def test_neither_order_nor_batches_change_anything(order, cut):
    pictures = [draw(size, k) for k, size in enumerate(SIZES)]
    turned = [pictures[k] for k in order]
    parts = Colours.of(turned[:cut]) + Colours.of(turned[cut:])
    assert parts.mean == approx(Colours.of(pictures).mean, abs=1e-10)
    assert colour_shift(parts, Colours.of(pictures)).distance < 1e-10


def test_a_large_picture_counts_no_more_than_a_small_one():
    mixed = Colours.of([np.ones((50, 40, 3)), np.zeros((1, 1, 3))])
    assert mixed.mean[0] == approx(50)


def test_gray_pictures_are_colours_too_and_nan_is_left_out():
    hole = flat(0.3)
    assert Colours.of([hole]).mean == approx(Colours.of([flat(0.3, 0.3, 0.3)]).mean)
    hole[0, 0] = np.nan
    assert Colours.of([hole]).mean == approx(Colours.of([flat(0.3)]).mean)
    assert Colours.of([np.full((2, 2, 3), np.nan), flat(0.3)]).count == 1


def test_of_no_picture_all_is_nan_and_of_other_channels_it_is_one_sentence():
    assert np.isnan(colour_shift(Colours.of([]), Colours.of([flat(0, 0, 0)]))).all()
    with pytest.raises(ValueError, match="a picture of 4 channels has no colour; give gray or RGB"):
        Colours.of([np.zeros((2, 2, 4))])
