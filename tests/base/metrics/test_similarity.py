import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from skimage.metrics import structural_similarity

from img2img.base.metrics.similarity import ssim


def oracle(a, b):
    return structural_similarity(
        a,
        b,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        channel_axis=-1,
    )


@given(st.integers(0, 2**32 - 1), st.integers(11, 40), st.integers(11, 40), st.sampled_from([1, 3]))
@settings(max_examples=30, deadline=None)
def test_ssim_is_scikit_images(seed, height, width, channels):
    draw = np.random.default_rng(seed)
    a = draw.integers(0, 256, (height, width, channels), np.uint8)
    noise = draw.integers(-40, 41, a.shape)
    for b in (np.clip(a + noise, 0, 255).astype(np.uint8), 255 - a, np.full_like(a, 3)):
        assert ssim(a / 255, b / 255) == approx(oracle(a, b), abs=1e-9)


def test_flat_pictures_have_a_closed_form():
    a, b = np.full((11, 11, 1), 1 / 255), np.full((11, 11, 1), 2 / 255)
    assert ssim(a, b) == approx(0.9130623777, abs=1e-10)
    assert ssim(np.full_like(a, 0.2), np.full_like(a, 0.6)) == approx(0.6000999750, abs=1e-10)


def test_a_picture_is_like_itself_and_unlike_its_negative():
    a = np.random.default_rng(0).random((32, 32, 3))
    assert ssim(a, a) == approx(1, abs=1e-12)
    assert ssim(a, 1 - a) < 0


def test_only_windows_without_a_hidden_pixel_count():
    a, b = np.random.default_rng(0).random((2, 24, 26, 2))
    mask = np.ones((24, 26), bool)
    mask[3, 20] = mask[20, 4] = False
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    _, each = structural_similarity(a, b, data_range=1, channel_axis=-1, full=True, **options)
    seen = [
        each[i, j]
        for i in range(5, 19)
        for j in range(5, 21)
        if mask[i - 5 : i + 6, j - 5 : j + 6].all()
    ]
    assert 0 < len(seen) < 14 * 16
    assert ssim(a, b, mask) == approx(np.mean(seen), abs=1e-12)


def test_pictures_smaller_than_the_window_are_one_sentence():
    tiny = np.zeros((10, 30, 3))
    with pytest.raises(ValueError, match="at least 11 x 11 pixels, not 30 x 10; leave it out"):
        ssim(tiny, tiny)
