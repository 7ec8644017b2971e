import random
from collections import Counter
from math import sqrt

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from PIL import Image
from pytest import approx

from img2img.data import degradation
from img2img.data.degradation import (
    FIRST,
    SECOND,
    compressed,
    degraded,
    drawn_factor,
    noisy,
    resized,
    shot_noise,
)

QUIET = {"deviation": (0, 0), "strength": (0, 0)}


def rng(seed=0):
    return np.random.default_rng(seed)


def photograph(height, width, channels=3, seed=0):
    """Smooth colours with some texture, uint8."""
    coarse = rng(seed).integers(40, 216, (5, 5, channels)).astype(np.float32)
    smooth = resized(coarse, (height, width), Fixed(2))
    return np.clip(smooth + rng(seed).normal(0, 6, smooth.shape), 0, 255).astype(np.uint8)


class Fixed:
    """Stands in for a generator whose integers are all one number."""

    def __init__(self, number):
        self.number = number

    def integers(self, *_, **__):
        return self.number


@pytest.mark.parametrize(
    ("scale", "height", "width"), [(2, 66, 50), (4, 36, 100), (3, 33, 63), (1, 17, 23), (4, 4, 8)]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_becomes_smaller_by_the_scale(scale, height, width, channels):
    for seed in range(12):
        low = degraded(photograph(height, width, channels), scale, rng(seed))
        assert low.shape == (height // scale, width // scale, channels)
        assert low.dtype == np.uint8


def test_the_same_state_gives_the_same_picture_and_no_other_state_is_touched():
    high = photograph(64, 48)
    np.random.seed(3)
    random.seed(3)
    before = np.random.get_state()[1].copy(), random.getstate()
    found = [degraded(high, 4, rng(seed)) for seed in (*range(8), *range(8))]
    assert_array_equal(before[0], np.random.get_state()[1])
    assert random.getstate() == before[1]
    for one, other in zip(found[:8], found[8:], strict=True):
        assert_array_equal(one, other)
    assert all((found[0] != other).any() for other in found[1:8])
    assert_array_equal(high, photograph(64, 48))


@pytest.mark.parametrize("scale", [2, 4])
def test_brightness_is_kept_on_average(scale):
    high = photograph(64, 64)
    means = np.array([degraded(high, scale, rng(seed)).mean((0, 1)) for seed in range(150)])
    assert means.mean(0) == approx(high.mean((0, 1)), abs=3)


def test_without_noise_flat_gray_stays_nearly_flat(monkeypatch):
    for name in ("FIRST", "SECOND"):
        monkeypatch.setattr(degradation, name, getattr(degradation, name)._replace(**QUIET))
    for level in (0, 90, 255):
        high = np.full((64, 64, 3), level, np.uint8)
        for seed in range(20):
            low = degraded(high, 4, rng(seed)).astype(int)
            assert np.abs(low - level).max() <= 3


def test_the_stages_come_in_the_order_of_the_paper(monkeypatch):
    stages = []
    for name in ("blurred", "resized", "noisy", "compressed"):
        stage = getattr(degradation, name)

        def noted(picture, *rest, name=name, stage=stage):
            made = stage(picture, *rest)
            stages.append((name, made.shape[:2]))
            return made

        monkeypatch.setattr(degradation, name, noted)
    ends, count = Counter(), 400
    high = photograph(16, 16)
    for seed in range(count):
        stages.clear()
        degraded(high, 2, rng(seed))
        names = [name for name, _ in stages]
        assert names[:4] == ["blurred", "resized", "noisy", "compressed"]
        second = names[4:]
        ends["blur"] += second[0] == "blurred"
        second = second[second[0] == "blurred" :]
        assert second[:2] == ["resized", "noisy"]
        ends[tuple(second[2:])] += 1
        assert stages[-1][1] == (8, 8)
    for key, share in {
        "blur": 0.8,
        ("resized", "blurred", "compressed"): 0.4,
        ("compressed", "resized", "blurred"): 0.4,
        ("resized", "compressed"): 0.1,
        ("compressed", "resized"): 0.1,
    }.items():
        assert ends[key] / count == approx(share, abs=4 * sqrt(share * (1 - share) / count)), key


@pytest.mark.parametrize(
    ("round", "shares", "factor"),
    [(FIRST, (0.2, 0.7, 0.1), (0.15, 1.5)), (SECOND, (0.3, 0.4, 0.3), (0.3, 1.2))],
)
def test_factors_are_drawn_up_down_and_not_at_all(round, shares, factor):
    draw = rng()
    found = np.array([drawn_factor(round, draw) for _ in range(5000)])
    counted = [(found > 1).mean(), (found < 1).mean(), (found == 1).mean()]
    assert counted == approx(shares, abs=0.03)
    for end, extreme in zip(factor, (found.min(), found.max()), strict=True):
        assert extreme == approx(end, abs=0.01)
    assert factor[0] <= found.min() and found.max() <= factor[1]


def test_resizing_is_by_area_bilinear_or_bicubic_alike():
    picture = rng().random((12, 12, 3), np.float32)
    expected = [resized(picture, (4, 4), Fixed(i)) for i in range(3)]
    areas = picture.reshape(4, 3, 4, 3, 3).mean((1, 3))
    np.testing.assert_allclose(expected[0], areas, atol=1e-6)
    np.testing.assert_allclose(expected[1], picture[1::3, 1::3], atol=1e-6)  # no antialiasing
    np.testing.assert_allclose(expected[2], picture[1::3, 1::3], atol=1e-6)
    draw, counts = rng(), Counter()
    whole = [resized(picture, (20, 20), Fixed(i)).tobytes() for i in range(3)]
    for _ in range(600):
        counts[whole.index(resized(picture, (20, 20), draw).tobytes())] += 1
    assert all(counts[i] == approx(200, abs=50) for i in range(3))
    assert resized(picture, (0, 3), draw).shape == (1, 3, 3)


GRAY = np.full((64, 64, 3), 0.5, np.float32)


@pytest.mark.parametrize(("round", "top"), [(FIRST, 30), (SECOND, 25)])
def test_gaussian_noise_has_a_deviation_within_its_range(round, top):
    draw, only = rng(), round._replace(gaussian=1.0, gray=0.0)
    found = [255 * noisy(GRAY, only, draw).std() for _ in range(200)]
    assert 0.9 < min(found) < 3 and top - 3 < max(found) < top * 1.02


@pytest.mark.parametrize("gaussian", [0.0, 1.0])
def test_noise_is_gray_in_4_of_10_and_unlike_in_the_channels_otherwise(gaussian):
    picture = np.repeat(photograph(24, 24, 1).astype(np.float32) / 255, 3, axis=2)
    draw, only = rng(), FIRST._replace(gaussian=gaussian)
    gray = 0
    for _ in range(1000):
        noise = noisy(picture, only, draw) - picture
        alike = np.abs(noise - noise[..., :1]).max() < 1e-6
        gray += alike
        if not alike:
            assert abs(np.corrcoef(noise[..., 0].ravel(), noise[..., 1].ravel())[0, 1]) < 0.5
    assert gray / 1000 == approx(0.4, abs=0.06)


def test_half_of_all_noise_is_gaussian(monkeypatch):
    calls = []
    monkeypatch.setattr(
        degradation, "shot_noise", lambda picture, _: calls.append(1) or np.zeros_like(picture)
    )
    draw = rng()
    for _ in range(1000):
        noisy(GRAY[:8, :8], SECOND, draw)
    assert len(calls) / 1000 == approx(0.5, abs=0.06)


def test_shot_noise_has_the_variance_of_its_quanta():
    levels = np.linspace(0, 255, 200).round()
    picture = np.tile((levels / 255).astype(np.float32)[:, None, None], (1, 4000, 1))
    noise = shot_noise(picture, rng())  # 200 levels: 256 quanta
    assert noise.mean(1).ravel() == approx(np.zeros(200), abs=5e-3)
    assert noise.var(1).ravel() == approx(picture[:, 0, 0] / 256, rel=0.15, abs=1e-9)


def test_the_strength_of_shot_noise_lies_within_its_range(monkeypatch):
    monkeypatch.setattr(degradation, "shot_noise", lambda picture, _: np.full_like(picture, 0.1))
    for round, top in ((FIRST, 3), (SECOND, 2.5)):
        draw, only = rng(), round._replace(gaussian=0.0)
        found = [10 * (noisy(GRAY[:2, :2], only, draw)[0, 0, 0] - 0.5) for _ in range(500)]
        assert 0.05 - 1e-5 < min(found) < 0.1 and top - 0.1 < max(found) < top + 1e-5


def test_noise_leaves_nothing_outside_the_range():
    for level in (-0.2, 0.0, 1.0, 1.2):
        for seed in range(20):
            made = noisy(np.full((9, 9, 3), level, np.float32), FIRST, rng(seed))
            assert made.min() >= 0 and made.max() <= 1 and made.dtype == np.float32


def test_jpegs_qualities_are_those_of_the_table_and_their_ends_alike(monkeypatch):
    seen = []
    save = Image.Image.save

    def noted(self, *rest, **options):
        seen.append(options["quality"])
        return save(self, *rest, **options)

    monkeypatch.setattr(Image.Image, "save", noted)
    draw = rng()
    for _ in range(2000):
        compressed(GRAY[:8, :8], FIRST, draw)
    assert set(seen) == set(range(30, 96))
    assert np.mean(seen) == approx(62.5, abs=1.5)


def test_jpeg_clips_and_wears_more_at_a_lower_quality():
    picture = photograph(48, 48).astype(np.float32) / 255
    worn = [
        np.abs(compressed(picture, FIRST._replace(quality=(q, q)), rng()) - picture).mean()
        for q in (30, 60, 95)
    ]
    assert worn[0] > worn[1] > worn[2] > 0
    beyond = np.full((16, 16, 1), 1.3, np.float32)
    assert_array_equal(compressed(beyond, FIRST, rng()), np.ones_like(beyond))


@pytest.mark.parametrize(
    ("shape", "dtype", "scale", "message"),
    [
        ((8, 8, 3), "uint16", 2, r"uint8 \(H, W, 1 or 3\), not uint16 \(8, 8, 3\); convert it"),
        ((8, 8, 4), "uint8", 2, r"not uint8 \(8, 8, 4\); convert it"),
        ((8, 8), "uint8", 2, r"not uint8 \(8, 8\); convert it"),
        ((8, 6, 3), "uint8", 4, "6 x 8 pixels are no multiple of the scale 4; crop the picture"),
        ((0, 8, 3), "uint8", 4, "8 x 0 pixels are no multiple of the scale 4"),
    ],
)
def test_what_cannot_be_degraded_is_one_sentence(shape, dtype, scale, message):
    with pytest.raises(ValueError, match=message):
        degraded(np.zeros(shape, dtype), scale, rng())
