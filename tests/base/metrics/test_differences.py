from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from skimage.metrics import peak_signal_noise_ratio

from img2img.base.metrics.differences import l1, mse, psnr


def flat(level, size=4):
    return np.full((size, size, 3), level / 255)


def test_psnr_of_a_constant_offset_is_20_log10_of_the_range_over_it():
    assert psnr(flat(7), flat(8)) == approx(48.1308036, abs=1e-7)
    assert psnr(flat(0), flat(0) + 0.1) == approx(20, abs=1e-12)


def test_equal_pictures_are_no_distance_apart():
    assert (l1(flat(9), flat(9)), mse(flat(9), flat(9)), psnr(flat(9), flat(9))) == (0, 0, inf)


@given(st.integers(0, 255), st.integers(0, 255))
def test_flat_pictures_have_closed_forms(a, b):
    assert l1(flat(a), flat(b)) == approx(abs(a - b) / 255, abs=1e-15)
    assert mse(flat(a), flat(b)) == approx(((a - b) / 255) ** 2, abs=1e-15)


def test_psnr_is_scikit_images():
    a, b = np.random.default_rng(0).integers(0, 256, (2, 20, 30, 3), np.uint8)
    assert psnr(a / 255, b / 255) == approx(peak_signal_noise_ratio(b, a), abs=1e-12)


def test_the_mean_is_that_of_the_pixels_in_the_mask():
    fake, real = np.random.default_rng(0).random((2, 6, 7, 2))
    mask = np.random.default_rng(1).random((6, 7)) < 0.5
    by_hand = [abs(fake[i, j] - real[i, j]) for i in range(6) for j in range(7) if mask[i, j]]
    assert l1(fake, real, mask) == approx(np.mean(by_hand), abs=1e-15)
    assert mse(fake, real, mask) == approx(np.mean(np.square(by_hand)), abs=1e-15)
    assert psnr(fake, real, mask) == approx(-10 * np.log10(np.mean(np.square(by_hand))))


def test_pictures_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match=r"unequal shapes \(4, 4, 3\) and \(5, 5, 3\)"):
        l1(flat(0), flat(0, 5))
    with pytest.raises(ValueError, match="not uint16"):
        l1(flat(0).astype(np.uint16), flat(0))


def test_what_counts_is_a_number():
    holed = flat(0)
    holed[1, 2, 0] = np.nan
    for pair, side in [((holed, flat(0)), "fake"), ((flat(0), holed), "real")]:
        with pytest.raises(ValueError, match=f"1 of 48 values of the {side} picture are not fini"):
            l1(*pair)
        assert l1(*pair, ~np.isnan(holed).any(2)) == 0
