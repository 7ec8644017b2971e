import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.stats import wasserstein_distance

from img2img.base.metrics import tiles
from img2img.base.metrics.sliced import sliced, wasserstein


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20))
def test_on_a_line_it_is_scipys_distance(seed, n, m):
    p, q = np.sort(draw(3, n, seed)), np.sort(draw(3, m, seed + 1) * 2)
    expected = [wasserstein_distance(a, b) for a, b in zip(p, q, strict=True)]
    assert wasserstein(p, q) == approx(expected, rel=1e-10)
    if n == m:
        assert wasserstein(p, q, power=2) == approx(((p - q) ** 2).mean(1), rel=1e-12)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(1, 3), st.integers(1, 3))
def test_repeating_points_changes_no_distribution(seed, n, i, j):
    p, q = np.sort(draw(2, n, seed)), np.sort(draw(2, n, seed + 1))
    for power in (1, 2):
        more = wasserstein(np.repeat(p, i, 1), np.repeat(q, j, 1), power=power)
        assert more == approx(wasserstein(p, q, power=power), rel=1e-10)


@given(st.floats(-9, 9))
def test_a_shift_on_a_line_is_its_size(mu):
    p = np.sort(draw(1, 30))
    assert wasserstein(p, p + mu)[0] == approx(abs(mu), abs=1e-12)
    assert sliced(p.T, p.T + mu) == approx(abs(mu), abs=1e-9)


def test_power_2_of_a_shift_is_its_square_over_the_dimensions():
    points, mu = draw(50, 16), np.linspace(-1, 1, 16)
    found = sliced(points, points + mu, power=2, directions=20_000)
    assert found == approx(mu @ mu / 16, rel=0.03)
    # of every coordinate's shift by 0.3, as torch-fidelity tests its MIND, three times d as large
    fresh = sliced(draw(4000, 16), draw(4000, 16, 1) + 0.3, power=2, directions=2000)
    assert 3 * 16 * fresh == approx(3 * 16 * 0.3**2, rel=0.1)


def test_it_is_0_of_equal_sets_symmetric_and_of_its_power():
    a, b = draw(30, 4), draw(20, 4, 1)
    assert sliced(a, a[::-1]) == 0
    assert sliced(a, b) == approx(sliced(b, a), rel=1e-12)
    for power in (1, 2, 3):
        assert sliced(a * 2, b * 2, power=power) == approx(2**power * sliced(a, b, power=power))


def test_small_blocks_find_what_large_ones_do(monkeypatch):
    a, b = draw(100, 4), draw(90, 4, 1).astype(np.float32)
    whole = sliced(a, b, seed=3)
    monkeypatch.setattr(tiles, "SIDE", 16)
    assert sliced(a, b, seed=3) == approx(whole, rel=1e-12)
    assert sliced(a, b, seed=4) != whole


def test_what_has_no_distance_is_one_sentence():
    with pytest.raises(ValueError, match=r"points \(0, 3\) and \(4, 3\); give some of one number"):
        sliced(draw(0, 3), draw(4, 3))
    with pytest.raises(ValueError, match=r"points \(2, 2\) and \(4, 3\); give some of one number"):
        sliced(draw(2, 2), draw(4, 3))
    with pytest.raises(ValueError, match="power 0 and 128 directions; choose 1 or more of both"):
        sliced(draw(2, 2), draw(2, 2), power=0)
