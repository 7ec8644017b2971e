import numpy as np
import pytest

from img2img.data.jitter import jitter, noise
from img2img.data.keys import Key

KEYS = [Key(0, 0, position) for position in range(300)]
KINDS = [(np.uint16, 2, 500.0, 40000.0), (np.float32, 5, -3.0, 12.0), (np.uint8, 4, 0.0, 255.0)]


def picture(dtype: type, channels: int, low: float, high: float) -> np.ndarray:
    """Noise in the middle half of the range."""
    unit = np.random.default_rng(0).uniform(0.25, 0.75, (12, 14, channels))
    return (low + (high - low) * unit).astype(dtype)


@pytest.mark.parametrize("channels", [1, 3])
def test_photographs_are_jittered_as_photographs(channels):
    x = picture(np.uint8, channels, 0, 255)
    seen = jitter(x, 0.5, KEYS[3], 0, 255)
    assert seen.shape == x.shape and seen.dtype == np.uint8 and (seen != x).any()


@pytest.mark.parametrize(("dtype", "channels", "low", "high"), KINDS)
def test_other_kinds_change_in_brightness_and_contrast_alone(dtype, channels, low, high):
    x = picture(dtype, channels, low, high)
    unit = (x.astype(float) - low) / (high - low)
    found = []
    for key in KEYS:
        seen = (jitter(x, 0.2, key, low, high).astype(float) - low) / (high - low)
        brightness = seen.mean() / unit.mean()
        slope, offset = np.polyfit(unit[..., 0].ravel(), seen[..., 0].ravel(), 1)
        assert (
            np.abs(slope * unit[..., 0] + offset - seen[..., 0]).max() < 1.2 / (high - low) + 1e-5
        )
        found.append((brightness, slope / brightness))
    least, most = np.min(found, 0), np.max(found, 0)
    assert (least > 0.79).all() and (most < 1.21).all()  # by a fifth at most
    assert (least < 0.82).all() and (most > 1.18).all()
    assert abs(np.corrcoef(np.transpose(found))[0, 1]) < 0.15


@pytest.mark.parametrize(("dtype", "channels", "low", "high"), KINDS)
def test_noise_has_its_share_of_the_range_and_no_two_values_share_it(dtype, channels, low, high):
    x = np.full((40, 50, channels), (low + high) / 2, dtype)
    drawn = (noise(x, 0.05, KEYS[0], low, high).astype(float) - x) / (high - low)
    assert drawn.mean() == pytest.approx(0, abs=0.005)
    assert drawn.std() == pytest.approx(0.05, rel=0.05)
    assert np.abs(np.corrcoef(drawn.reshape(-1, channels).T) - np.eye(channels)).max() < 0.1
    assert (noise(x, 0.05, KEYS[1], low, high) != noise(x, 0.05, KEYS[0], low, high)).any()


@pytest.mark.parametrize(("dtype", "channels", "low", "high"), [*KINDS, (np.uint8, 3, 60.0, 190.0)])
def test_the_result_lies_in_the_range_in_the_kind_of_the_input(dtype, channels, low, high):
    x = picture(dtype, channels, low, high)
    for key in KEYS[:20]:
        for seen in (jitter(x, 1.0, key, low, high), noise(x, 0.8, key, low, high)):
            assert seen.dtype == x.dtype and seen.shape == x.shape
            assert seen.min() >= low and seen.max() <= high


def test_each_channel_may_have_a_range_of_its_own():
    low, high = np.array([0.0, 1000.0]), np.array([1.0, 3000.0])
    unit = np.random.default_rng(0).uniform(0.3, 0.7, (9, 9, 1))
    x = (low + (high - low) * unit).astype(np.float32)
    seen = (jitter(x, 0.2, KEYS[5], low, high) - low) / (high - low)
    np.testing.assert_allclose(seen[..., 0], seen[..., 1], atol=1e-5)
    assert np.abs(seen - unit).max() > 0.01
    drawn = (noise(x, 0.05, KEYS[5], low, high) - x) / (high - low)
    assert drawn.std((0, 1)) == pytest.approx([0.05, 0.05], rel=0.3)
