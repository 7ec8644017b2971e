from math import log10

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pytest import approx
from skimage.color import rgb2ycbcr

from img2img.base.metrics.differences import psnr
from img2img.base.metrics.luma import luma
from img2img.base.metrics.span import Span


@pytest.mark.parametrize(
    ("colour", "y"),
    [
        ((0, 0, 0), 16),
        ((255, 255, 255), 235),
        ((255, 0, 0), 81.481),
        ((0, 255, 0), 144.553),
        ((0, 0, 255), 40.966),
    ],
)
def test_black_white_and_the_primaries_are_those_of_the_standard(colour, y):
    assert 255 * luma(np.array([[colour]], np.uint8)).item() == approx(y, abs=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_luma_is_scikit_images_of_floats(seed):
    picture = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), np.uint8)
    assert_allclose(255 * luma(picture), rgb2ycbcr(picture)[..., :1], atol=1e-9)


def test_a_gray_offset_of_a_level_has_a_closed_form():
    real = np.random.default_rng(0).integers(0, 255, (12, 14, 3), np.uint8)
    fake = real + np.uint8(1)
    on_rgb = psnr(Span(0, 255).unit(fake), Span(0, 255).unit(real))
    assert on_rgb == approx(20 * log10(255), abs=1e-9)
    assert psnr(luma(fake), luma(real)) == approx(20 * log10(255 * 255 / 219), abs=1e-9)
