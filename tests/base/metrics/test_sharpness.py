from math import inf, isnan, log10

import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics.sharpness import sharpness


def test_a_ramp_against_a_flat_picture_by_hand():
    ramp = np.tile(np.arange(5) / 10, (4, 1))[..., None]  # 0.1 to the right, 0 down
    assert sharpness(ramp, np.zeros_like(ramp)) == approx(-10 * log10(0.1), abs=1e-12)
    both = ramp + np.arange(4)[:, None, None] / 5
    assert sharpness(both, ramp) == approx(-10 * log10(0.2), abs=1e-12)


def test_equal_gradients_are_infinitely_close_whatever_the_levels_and_signs():
    picture = np.random.default_rng(0).integers(0, 9, (6, 7, 3)) / 16
    assert sharpness(picture, picture) == sharpness(picture + 0.25, picture) == inf
    assert sharpness(1 - picture, picture) == inf


def test_it_is_its_definition_where_all_three_pixels_count():
    fake, real = np.random.default_rng(0).random((2, 6, 7, 2))
    mask = np.random.default_rng(1).random((6, 7)) < 0.8
    errors = []
    for i in range(1, 6):
        for j in range(1, 7):
            if mask[i, j] and mask[i - 1, j] and mask[i, j - 1]:
                ours, theirs = (
                    abs(each[i, j] - each[i - 1, j]) + abs(each[i, j] - each[i, j - 1])
                    for each in (fake, real)
                )
                errors.append(abs(ours - theirs))
    assert 5 < len(errors) < 30
    fake[~mask] = np.nan
    assert sharpness(fake, real, mask) == approx(-10 * log10(np.mean(errors)), abs=1e-12)


@pytest.mark.parametrize("shape", [(1, 5, 3), (5, 1, 3)])
def test_a_single_line_has_no_gradients_to_compare(shape):
    assert isnan(sharpness(np.zeros(shape), np.ones(shape)))


def test_nothing_counts_where_no_pixel_has_both_neighbours():
    picture = np.random.default_rng(0).random((4, 4, 1))
    assert isnan(sharpness(picture, picture, np.eye(4, dtype=bool)))
