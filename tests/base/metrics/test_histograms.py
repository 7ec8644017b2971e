from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.stats import wasserstein_distance

from img2img.base.metrics.histograms import (
    Histograms,
    colour_distance,
    contrast_distance,
    luminance_distance,
)

SIZES = [(4, 6), (9, 3), (1, 1), (16, 16)]


def draw(size, seed=0, channels=3):
    return np.random.default_rng(seed).random((*size, channels))


@given(st.integers(-20, 20))
def test_a_set_brightened_within_its_range_is_that_far_away(steps):
    pictures = [0.35 + 0.3 * draw(size, k) for k, size in enumerate(SIZES)]
    shift = steps / 64
    a, b = (Histograms.of(x + by for x in pictures) for by in (0, shift))
    assert colour_distance(a, b) == approx(abs(shift), abs=1e-12)
    assert luminance_distance(a, b) == approx(abs(shift), abs=1 / 256)
    assert contrast_distance(a, b) == approx(0, abs=1 / 512)


def test_a_set_of_half_the_contrast_is_half_its_contrast_away():
    pictures = [draw((16, 16), k, 1) for k in range(50)]
    flat = Histograms.of(0.5 + (x - 0.5) / 2 for x in pictures)
    expected = np.mean([x.std() for x in pictures]) / 2
    assert contrast_distance(Histograms.of(pictures), flat) == approx(expected, abs=1 / 512)


@pytest.mark.parametrize("channel", range(3))
def test_one_channel_alone_counts_a_third(channel):
    picture = np.full((4, 4, 3), 0.25)
    other = picture.copy()
    other[..., channel] += 0.5
    assert colour_distance(Histograms.of([picture]), Histograms.of([other])) == approx(0.5 / 3)


def test_it_is_the_wasserstein_distance_of_pixels_on_the_bins():
    a, b = (np.random.default_rng(k).integers(0, 64, (30, 30, 1)) / 64 for k in range(2))
    b = b**2 * 0.9  # not on the bins: each rounds down
    expected = wasserstein_distance(a.ravel(), np.floor(b.ravel() * 64) / 64)
    assert colour_distance(Histograms.of([a]), Histograms.of([b])) == approx(expected, rel=1e-12)


@settings(max_examples=20)
@given(st.permutations(range(4)), st.integers(0, 4))
def test_neither_order_nor_batches_change_anything(order, cut):
    pictures = [draw(size, k) for k, size in enumerate(SIZES)]
    turned = [pictures[k] for k in order]
    whole = Histograms.of(pictures)
    parts = Histograms.of(turned[:cut]) + Histograms.of(turned[cut:])
    assert parts.count == 4
    assert parts.colours == approx(whole.colours, abs=1e-12)
    assert (parts.contrasts == whole.contrasts).all()
    assert colour_distance(parts, whole) < 1e-12


def test_a_large_picture_counts_no_more_than_a_small_one():
    black, white = np.zeros((2, 2, 1)), np.ones((50, 40, 1))
    assert colour_distance(Histograms.of([black, white]), Histograms.of([black])) == approx(
        63 / 64 / 2
    )


def test_values_beyond_the_range_fall_into_the_end_bins_and_nan_is_left_out():
    inside, beyond = np.array([[[0.0], [1.0]]]), np.array([[[-3.0], [7.0], [np.nan]]])
    a, b = Histograms.of([inside]), Histograms.of([beyond])
    assert colour_distance(a, b) == luminance_distance(a, b) == contrast_distance(a, b) == 0
    assert Histograms.of([np.full((2, 2, 3), np.nan)]).count == 0


def test_of_no_picture_all_is_nan():
    one, none = Histograms.of([draw((3, 3))]), Histograms.of([])
    for distance in (colour_distance, luminance_distance, contrast_distance):
        assert isnan(distance(none, one)) and isnan(distance(one, none))
    assert colour_distance(one + none, none + one) == 0


def test_sets_of_other_channels_are_one_sentence():
    gray, colours = Histograms.of([draw((3, 3), 0, 1)]), Histograms.of([draw((3, 3))])
    sentence = "colours of 1 and 3 channels have no common histogram; compare equals"
    for bad in (colour_distance, lambda a, b: a + b):
        with pytest.raises(ValueError, match=sentence):
            bad(gray, colours)
