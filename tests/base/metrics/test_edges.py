import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.edges import edges

FLAT = np.zeros((24, 30, 1))


def step(column, low=0.2, high=0.8, channels=1):
    picture = np.full((24, 30, channels), low)
    picture[:, column:] = high
    return picture


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
@settings(max_examples=20)
def test_a_picture_and_its_negative_have_the_same_edges(seed, channels):
    picture = np.random.default_rng(seed).random((16, 19, channels))
    assert edges(picture, picture) == 1
    assert edges(1 - picture, picture) == approx(1, abs=0.02)  # ties may fall to either side


@pytest.mark.parametrize(("shift", "expected"), [(0, 1), (1, 1), (2, 0), (9, 0), (-1, 1), (-3, 0)])
def test_edges_agree_within_a_pixel(shift, expected):
    assert edges(step(12 + shift), step(12)) == expected
    lying = [each.swapaxes(0, 1) for each in (step(12 + shift), step(12))]
    assert edges(*lying) == expected


def test_a_diagonal_edge_is_one_line():
    rows, columns = np.indices((24, 30))
    picture = (rows + columns > 25)[..., None].astype(float)
    shifted = (rows + columns > 27)[..., None].astype(float)  # one pixel right and one down
    assert edges(picture, shifted) > 0.9
    assert edges(picture, (rows + columns > 31)[..., None].astype(float)) < 0.1


def test_it_is_the_f_measure_of_what_is_found_and_what_is_missed():
    real = step(8)
    real[:, 20:] = 0.1
    assert edges(step(8), real) == approx(2 / 3)  # all of P, half of R
    assert edges(real, step(8)) == approx(2 / 3)


def test_without_edges_on_both_sides_all_agrees_and_on_one_nothing():
    assert edges(FLAT, FLAT + 0.4) == 1
    assert edges(FLAT, step(9)) == edges(step(9), FLAT) == 0


def test_faint_steps_are_no_edges():
    assert edges(FLAT, step(12, 0.5, 0.6)) == 1
    assert edges(FLAT, step(12, 0.5, 0.65)) == 0


def test_the_border_of_a_picture_is_no_edge_and_that_of_a_mask_neither():
    assert edges(FLAT, FLAT + 0.9) == 1
    mask = np.ones((24, 30), bool)
    mask[:, 20:] = False
    assert edges(FLAT, FLAT + 0.9, mask) == 1


def test_hidden_pixels_have_no_influence():
    fake, real = np.random.default_rng(0).random((2, 24, 30, 3))
    mask = np.ones((24, 30), bool)
    mask[2:5, 20:] = mask[20, 3] = False
    seen = edges(fake, real, mask)
    assert 0 < seen < 1
    fake[~mask], real[~mask] = np.nan, 5
    assert edges(fake, real, mask) == seen
    mask[::9] = False
    assert np.isnan(edges(fake, real, mask))
