import numpy as np
import pytest

from img2img.data.keys import Key
from img2img.data.tones import Tones

PICTURES = {
    "uint8": (np.random.default_rng(0).integers(0, 256, (16, 16, 3), np.uint8), 0.0, 255.0),
    "gray": (np.random.default_rng(0).integers(0, 256, (16, 16, 1), np.uint8), 0.0, 255.0),
    "uint16": (np.random.default_rng(0).integers(0, 65536, (16, 16, 2), np.uint16), 0.0, 65535.0),
    "float32": (np.random.default_rng(0).normal(size=(16, 16, 5)).astype(np.float32), -9.0, 9.0),
}


def drawn(picture, position, low, high, **strength):
    tones = Tones.draw(picture, Key(0, 0, position), low=low, high=high, **strength)
    return tones, tones.of(picture)


@pytest.mark.parametrize(("picture", "low", "high"), PICTURES.values(), ids=PICTURES)
def test_half_of_the_time_a_picture_is_its_negative_and_else_as_it_was(picture, low, high):
    negatives = 0
    for position in range(200):
        _, made = drawn(picture, position, low, high, contrast=0, inversion=True)
        negative = not np.array_equal(made, picture)
        negatives += negative
        assert made.dtype == picture.dtype and made.shape == picture.shape
        if negative:
            assert np.allclose(made.astype(float) + picture, low + high, atol=1e-5)
    assert 70 < negatives < 130


@pytest.mark.parametrize(("picture", "low", "high"), PICTURES.values(), ids=PICTURES)
def test_contrast_is_a_gain_within_its_bounds_about_the_mean(picture, low, high):
    gains = []
    for position in range(100):
        tones, made = drawn(picture, position, low, high, contrast=0.3, inversion=False)
        gains.append(tones.gain)
        mean = picture[::4, ::4].mean((0, 1), np.float64)
        expected = np.clip(mean + tones.gain * (picture - mean), low, high)
        assert np.allclose(
            made, expected, rtol=1e-6, atol=0.51 if picture.dtype.kind == "u" else 1e-5
        )
    assert 0.7 <= min(gains) < 0.75 and 1.25 < max(gains) <= 1.3


@pytest.mark.parametrize(("picture", "low", "high"), PICTURES.values(), ids=PICTURES)
def test_a_negative_of_another_contrast_is_that_of_the_changed_picture(picture, low, high):
    strength, negatives = {"contrast": 0.3, "low": low, "high": high}, 0
    for position in range(20):
        _, plain = drawn(picture, position, inversion=False, **strength)
        tones, both = drawn(picture, position, inversion=True, **strength)
        expected = low + high - plain.astype(float) if tones.gain < 0 else plain
        assert np.allclose(both, expected, rtol=0, atol=1 if picture.dtype.kind == "u" else 1e-5)
        negatives += tones.gain < 0
    assert 0 < negatives < 20
