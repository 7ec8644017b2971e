import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.ndimage import gaussian_filter
from torchmetrics.functional.image import multiscale_structural_similarity_index_measure

from img2img.base.metrics import multiscale
from img2img.base.metrics.multiscale import WEIGHTS, ms_ssim


def pair(height, width, channels=1, noise=0.3, seed=0):
    """A smooth picture, and the same with noise."""
    draw = np.random.default_rng(seed)
    real = gaussian_filter(draw.random((height, width, channels)), (4, 4, 0))
    real = (real - real.min()) / np.ptp(real)
    return real + noise * (draw.random(real.shape) - 0.5), real


def blurred(plane):
    return gaussian_filter(plane, 1.5, truncate=3.5)[5:-5, 5:-5]


def halved(plane):
    rows, columns = plane.shape
    plane = np.pad(plane, ((0, rows % 2), (0, columns % 2)), "symmetric")
    return plane.reshape(-(-rows // 2), 2, -(-columns // 2), 2).mean((1, 3))


def slowly(x, y):
    """The definition for one channel, the blur by scipy."""
    product = 1.0
    for scale, weight in enumerate(WEIGHTS):
        mean_x, mean_y = blurred(x), blurred(y)
        covariance = blurred(x * y) - mean_x * mean_y
        variances = blurred(x * x) - mean_x**2 + blurred(y * y) - mean_y**2
        factor = (2 * covariance + 0.0009) / (variances + 0.0009)
        if scale == 4:
            factor = factor * (2 * mean_x * mean_y + 0.0001) / (mean_x**2 + mean_y**2 + 0.0001)
        product *= max(factor.mean(), 0) ** weight
        x, y = halved(x), halved(y)
    return product


@given(st.integers(0, 2**32 - 1), st.integers(161, 200), st.integers(161, 200))
@settings(max_examples=5, deadline=None)
def test_it_is_its_definition_and_channels_are_averaged(seed, height, width):
    fake, real = pair(height, width, 2, seed=seed)
    expected = [slowly(fake[..., i], real[..., i]) for i in range(2)]
    assert ms_ssim(fake, real) == approx(np.mean(expected), abs=1e-9)


def test_the_four_finer_scales_are_torchmetrics_whose_coarsest_has_a_border(monkeypatch):
    fake, real = pair(192, 208)
    weights = (*WEIGHTS[:4], 0.0)
    monkeypatch.setattr(multiscale, "WEIGHTS", weights)
    theirs = multiscale_structural_similarity_index_measure(
        *(torch.from_numpy(each).permute(2, 0, 1)[None] for each in (fake, real)),
        data_range=1.0,
        betas=weights,
        normalize="relu",
    )
    assert ms_ssim(fake, real) == approx(theirs.item(), abs=1e-7)


def test_a_picture_is_like_itself_and_less_like_a_worse_one():
    real = pair(161, 170, 3)[1]
    assert ms_ssim(real, real) == approx(1, abs=1e-12)
    assert 1 > ms_ssim(pair(161, 170, 3, 0.1)[0], real) > ms_ssim(pair(161, 170, 3, 0.9)[0], real)


def test_flat_pictures_have_the_luminance_of_the_coarsest_scale_alone():
    a, b = np.full((161, 161, 1), 0.2), np.full((161, 161, 1), 0.6)
    assert ms_ssim(a, b) == approx(0.6000999750 ** WEIGHTS[-1], abs=1e-9)


def test_what_is_structured_the_other_way_round_counts_as_0():
    assert ms_ssim(1 - pair(161, 161)[1], pair(161, 161)[1]) == 0


def test_hidden_pixels_have_no_influence():
    fake, real = pair(240, 200, 2)
    mask = np.ones((240, 200), bool)
    mask[200:] = False
    shown = ms_ssim(fake, real, mask)
    assert shown == approx(ms_ssim(fake[:192], real[:192]), abs=0.02)
    fake[200:], real[200:] = np.nan, 7
    assert ms_ssim(fake, real, mask) == shown
    mask[100] = False  # no window of the coarsest scale is whole
    assert np.isnan(ms_ssim(fake, real, mask))


def test_pictures_that_are_too_small_are_one_sentence():
    tiny = np.zeros((160, 300, 3))
    with pytest.raises(ValueError, match="more than 160 x 160 pixels, not 300 x 160; leave it out"):
        ms_ssim(tiny, tiny)
