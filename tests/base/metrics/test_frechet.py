from warnings import catch_warnings, simplefilter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics import moments
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


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 9), min_size=2, max_size=5))
def test_fewer_features_than_dimensions_are_kept_as_one_row_less_however_they_were_split(
    seed, sizes
):
    rows = draw(sum(sizes), 46, seed) * 3 + 100
    whole = Moments.of(rows)
    first, *others = np.split(rows, np.cumsum(sizes[:-1]))
    parts = Moments.of(first)
    for other in others:
        parts += Moments.of(other)
    assert parts.spread.shape == whole.spread.shape == (len(rows) - 1, 46)
    assert np.allclose(parts.scatter, whole.scatter, rtol=1e-10, atol=1e-9)
    assert np.allclose(whole.covariance, np.cov(rows, rowvar=False), rtol=1e-9, atol=1e-9)
    assert whole.variance == approx(np.trace(whole.covariance), rel=1e-12)
    assert np.allclose(whole.rows.T @ whole.rows, whole.covariance, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("sizes", [(5, 3), (5, 4), (9, 8), (20, 3), (3, 20), (1, 1), (1, 30)])
def test_a_state_becomes_dense_once_that_is_smaller(sizes):
    rows = draw(sum(sizes), 8) + 10
    both = Moments.of(rows[: sizes[0]]) + Moments.of(rows[sizes[0] :])
    assert both.spread.shape == (min(len(rows) - 1, 8), 8)
    assert (both.rows is None) == (len(rows) > 8)
    assert both.covariance == approx(np.cov(rows, rowvar=False), rel=1e-9, abs=1e-9)


def test_many_features_are_summed_in_blocks(monkeypatch):
    rows = draw(50, 3) + 10
    monkeypatch.setattr(moments, "BLOCK", 7)
    assert Moments.of(rows).covariance == approx(np.cov(rows, rowvar=False), rel=1e-12)


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


@given(st.integers(0, 2**32 - 1))
def test_covariances_that_commute_have_a_closed_form(seed):
    shift, a, b = np.random.default_rng(seed).random((3, 8)) * 4
    turn = np.linalg.qr(draw(8, 8, seed)).Q
    turned = (gaussian(m, turn * each @ turn.T) for m, each in ((0 * shift, a), (shift, b)))
    expected = shift @ shift + np.sum((np.sqrt(a) - np.sqrt(b)) ** 2)
    assert frechet_distance(*turned) == approx(expected, rel=1e-9)


def test_equal_sets_are_0_apart_and_shifted_ones_by_the_square_of_their_shift():
    rows = draw(300, 16)
    assert 0 <= frechet_distance(Moments.of(rows), Moments.of(rows)) == approx(0, abs=1e-10)
    assert frechet_distance(Moments.of(rows), Moments.of(rows + 1)) == approx(16, rel=1e-10)


@pytest.mark.parametrize("counts", [(6, 6), (6, 16), (6, 40), (40, 6), (17, 40)])  # of 16
def test_a_translated_copy_is_as_far_as_its_shift_however_few_its_features(counts):
    for seed in range(5):
        rows, shift = draw(counts[0], 16, seed) * 10, draw(1, 16, seed + 1)[0]
        a, b = Moments.of(rows), Moments.of(rows + shift)
        assert 0 <= frechet_distance(a, a) == approx(0, abs=1e-8)
        assert frechet_distance(a, b) == approx(shift @ shift, rel=1e-8, abs=1e-8)
        assert frechet_distance(dense(a), b) == approx(shift @ shift, abs=1e-4)


def dense(state):
    """The same without rows, as a file keeps it."""
    return Moments(None, state.mean, state.covariance)


@pytest.mark.parametrize("counts", [(300, 200), (9, 12), (9, 200), (200, 9)])  # of 16 dimensions
def test_the_trace_is_the_nuclear_norm_of_the_centred_sets_product(counts):
    x, y = draw(counts[0], 16), draw(counts[1], 16, 1) @ draw(16, 16, 2) + 0.5
    p, q = (each - each.mean(0) for each in (x, y))
    p, q = p / np.sqrt(len(p) - 1), q / np.sqrt(len(q) - 1)
    shift = x.mean(0) - y.mean(0)
    expected = shift @ shift + (p**2).sum() + (q**2).sum()
    expected -= 2 * np.linalg.svd(p @ q.T, compute_uv=False).sum()
    a, b = Moments.of(x), Moments.of(y)
    assert frechet_distance(a, b) == approx(expected, rel=1e-10)
    for each in ((dense(a), b), (a, dense(b)), (dense(a), dense(b))):
        assert frechet_distance(*each) == approx(expected, rel=1e-6)


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


@pytest.mark.parametrize("count", [1000, 4000])
def test_few_features_are_biased_upwards_by_what_theory_says(count):
    """(2 d + d (d + 1) / 2) / N of N(0, I) against itself, N of each."""
    d, rng = 64, np.random.default_rng(0)
    pairs = [[Moments.of(rng.standard_normal((count, d))) for _ in "ab"] for _ in range(5)]
    mean = np.mean([frechet_distance(*pair) for pair in pairs])
    assert mean == approx((2 * d + d * (d + 1) / 2) / count, rel=0.05)


@pytest.fixture(params=[(300, 200), (30, 25)], ids=["many", "few"])  # of 48 dimensions
def sets(request):
    n, m = request.param
    return draw(n, 48), draw(m, 48, 1) @ (np.eye(48) + 0.2 * draw(48, 48, 2)) + 0.1


def test_it_agrees_with_pytorch_fid_and_torch_fidelity(sets, monkeypatch):
    theirs = pytest.importorskip("pytorch_fid.fid_score")
    other = pytest.importorskip("torch_fidelity.metric_fid")
    statistics = [(each.mean(0), np.cov(each, rowvar=False)) for each in sets]
    ours = frechet_distance(*map(Moments.of, sets))
    with catch_warnings():
        simplefilter("ignore")  # what scipy says of singular matrices
        expected = theirs.calculate_frechet_distance(*statistics[0], *statistics[1])
    assert ours == approx(expected, rel=1e-6)
    named = [{"mu": mu, "sigma": sigma} for mu, sigma in statistics]
    expected = other.fid_statistics_to_metric(*named, verbose=False)
    assert ours == approx(expected["frechet_inception_distance"], rel=1e-6)


def test_it_agrees_with_torchmetrics(sets):
    fid = pytest.importorskip("torchmetrics.image.fid")
    network = torch.nn.Sequential(torch.nn.Flatten())
    network.num_features = 48
    metric = fid.FrechetInceptionDistance(
        feature=network, normalize=True, input_img_size=(3, 4, 4)
    ).set_dtype(torch.float64)
    for rows, real in zip(sets, (True, False), strict=True):
        metric.update(torch.from_numpy(rows).view(-1, 3, 4, 4), real=real)
    assert frechet_distance(*map(Moments.of, sets)) == approx(metric.compute().item(), rel=1e-6)


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
    with pytest.raises(ValueError, match="moments of unknown count do not add"):
        dense(two) + two
    with pytest.raises(ValueError, match="moments of unknown count have no scatter"):
        print(dense(two).scatter)
