from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from skimage.metrics import peak_signal_noise_ratio

from img2img.base.metrics.differences import l1, mse, psnr


def flat(level, size=4):
    return np.full((size, size, 3), level, np.uint8)


def test_psnr_of_one_level_is_20_log10_255():
    assert psnr(flat(7), flat(8)) == approx(48.1308036, abs=1e-7)


def test_equal_pictures_are_no_distance_apart():
    assert (l1(flat(9), flat(9)), mse(flat(9), flat(9)), psnr(flat(9), flat(9))) == (0, 0, inf)


@given(st.integers(0, 255), st.integers(0, 255))
def test_flat_pictures_have_closed_forms(a, b):
    assert l1(flat(a), flat(b)) == approx(abs(a - b) / 255, abs=1e-15)
    assert mse(flat(a), flat(b)) == approx(((a - b) / 255) ** 2, abs=1e-15)


def test_psnr_is_scikit_images():
    a, b = np.random.default_rng(0).integers(0, 256, (2, 20, 30, 3), np.uint8)
    assert psnr(a, b) == approx(peak_signal_noise_ratio(b, a), abs=1e-12)


def test_pictures_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match=r"unequal shapes \(4, 4, 3\) and \(5, 5, 3\)"):
        l1(flat(0), flat(0, 5))
    with pytest.raises(ValueError, match="not uint16"):
        l1(flat(0).astype(np.uint16), flat(0))
