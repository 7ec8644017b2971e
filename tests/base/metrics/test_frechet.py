import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.frechet import Moments, frechet_distance


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def gaussian(mean, covariance, count=10):
    """Moments of exactly this mean and covariance."""
    return Moments(count, np.asarray(mean, float), np.asarray(covariance, float) * (count - 1))


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=1, max_size=5))
def test_moments_do_not_depend_on_how_the_features_are_split(seed, sizes):
    rows = draw(sum(sizes) + 1, 4, seed) * 3 + 100
    whole = Moments.of(rows)
    first, *others = np.split(rows, np.cumsum(sizes))
    parts = Moments.of(first)
    for other in others:
        parts += Moments.of(other)
    assert parts.count == whole.count
    assert parts.mean == approx(whole.mean, rel=1e-12)
    assert parts.covariance == approx(whole.covariance, rel=1e-9, abs=1e-9)
    assert whole.covariance == approx(np.cov(rows, rowvar=False), rel=1e-9, abs=1e-9)


def test_a_mean_far_from_0_leaves_the_covariance_alone():
    rows = draw(50, 3)
    far = Moments.of(rows[:20] + 1e6) + Moments.of(rows[20:] + 1e6)
    assert far.covariance == approx(np.cov(rows, rowvar=False), abs=1e-8)


def test_single_precision_features_are_summed_in_double():
    rows = (draw(1000, 3) + 1000).astype(np.float32)
    assert Moments.of(rows).covariance == approx(np.cov(rows.astype(float), rowvar=False), abs=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_diagonal_covariances_have_a_closed_form(seed):
    shift, a, b = np.random.default_rng(seed).random((3, 8)) * 4
    distance = frechet_distance(gaussian(np.zeros(8), np.diag(a)), gaussian(shift, np.diag(b)))
    assert distance == approx(shift @ shift + np.sum((np.sqrt(a) - np.sqrt(b)) ** 2), rel=1e-9)


def test_equal_sets_are_0_apart_and_shifted_ones_by_the_square_of_their_shift():
    rows = draw(300, 16)
    assert 0 <= frechet_distance(Moments.of(rows), Moments.of(rows)) == approx(0, abs=1e-10)
    assert frechet_distance(Moments.of(rows), Moments.of(rows + 1)) == approx(16, rel=1e-10)


def test_rounding_leaves_no_distance_below_0():
    for seed in range(20):
        few = Moments.of(draw(6, 16, seed) * 100)
        assert 0 <= frechet_distance(few, few) == approx(0, abs=0.1)


@pytest.mark.parametrize("counts", [(300, 200), (9, 12)])  # of 16 dimensions
def test_the_trace_is_the_nuclear_norm_of_the_centred_sets_product(counts):
    x, y = draw(counts[0], 16), draw(counts[1], 16, 1) @ draw(16, 16, 2) + 0.5
    p, q = (each - each.mean(0) for each in (x, y))
    p, q = p / np.sqrt(len(p) - 1), q / np.sqrt(len(q) - 1)
    shift = x.mean(0) - y.mean(0)
    expected = shift @ shift + (p**2).sum() + (q**2).sum()
    expected -= 2 * np.linalg.svd(p @ q.T, compute_uv=False).sum()
    assert frechet_distance(Moments.of(x), Moments.of(y)) == approx(expected, rel=1e-6)


@given(st.integers(0, 2**32 - 1))
def test_it_is_symmetric_blind_to_rotations_and_of_the_second_power(seed):
    x, y = draw(30, 5, seed), draw(40, 5, seed + 1) * 2 + 1
    turn = np.linalg.qr(draw(5, 5, seed + 2)).Q
    distance = frechet_distance(Moments.of(x), Moments.of(y))
    assert frechet_distance(Moments.of(y), Moments.of(x)) == approx(distance, rel=1e-8)
    assert frechet_distance(Moments.of(x @ turn), Moments.of(y @ turn)) == approx(
        distance, rel=1e-8
    )
    assert frechet_distance(Moments.of(x * 3), Moments.of(y * 3)) == approx(9 * distance, rel=1e-8)


@pytest.mark.parametrize("features", [np.zeros((0, 3)), np.zeros(3), np.zeros((2, 3, 1))])
def test_what_is_no_table_of_features_is_one_sentence(features):
    with pytest.raises(ValueError, match=r"features are \(n, d\), one or more of them, not \("):
        Moments.of(features)


def test_what_has_no_distance_is_one_sentence():
    with pytest.raises(ValueError, match="some of 2 features are not finite; leave them out"):
        Moments.of([[0.0, np.nan], [0.0, 1.0]])
    one, two = Moments.of([[0.0, 1.0]]), Moments.of([[0.0, 1.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match="1 feature has no covariance; give two or more"):
        frechet_distance(one, two)
    with pytest.raises(ValueError, match="features of 2 and 3 dimensions; compare those of one"):
        frechet_distance(two, Moments.of(np.eye(3)))
