from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.spatial.distance import jensenshannon

from img2img.base.metrics.clusters import binned, jensen_shannon, two_proportions
from img2img.base.metrics.features import Features


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def judge(fake, real, **options):
    return binned(Features.of(fake), Features.of(real), **options)


def counts(*hits, of=1000):
    """The counts of bins of which the first hold `hits`, and one the rest."""
    return np.array([*hits, of - sum(hits)])


def test_z_values_of_two_proportions():
    z, p = two_proportions(counts(130, 100), counts(100, 125))
    assert z[:2] == approx([2.10274, -1.76915], abs=1e-5)
    assert p[:2] == approx([0.035488, 0.076869], abs=1e-6)


def test_shares_of_0_or_1_in_both_sets_are_not_different():
    z, p = two_proportions(counts(0, of=5), counts(0, of=9))
    assert z.tolist() == [0, 0] and p.tolist() == [1, 1]


def test_alpha_of_the_bins_of_equal_distributions_are_different():
    drawn = np.random.default_rng(0)
    shares = [
        (two_proportions(*drawn.multinomial(20_000, np.full(100, 0.01), 2))[1] < 0.05).mean()
        for _ in range(200)
    ]
    assert np.mean(shares) == approx(0.0493, abs=4 * 0.0216 / np.sqrt(200))
    assert np.std(shares) == approx(0.0216, rel=0.2)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=9))
def test_divergence_is_the_square_of_scipys_distance(pairs):
    a, b = np.array([*pairs, (1, 1)]).T
    assert jensen_shannon(a, b) == approx(jensenshannon(a, b) ** 2, abs=1e-12)
    assert jensen_shannon(a, b) == approx(jensen_shannon(b, a), abs=1e-12)
    assert jensen_shannon(a, 3 * a) == approx(0, abs=1e-12)


def test_divergence_of_disjoint_shares_is_log_2():
    assert jensen_shannon(np.array([3, 0]), np.array([0, 8])) == approx(log(2), rel=1e-12)


def test_a_set_against_itself_has_no_different_bins():
    real = draw(500, 6)
    assert judge(real, real, bins=20) == (0, 0, 0, 20)


def test_equal_distributions_have_few_different_bins_and_a_missed_mode_many():
    modes = np.repeat(np.eye(4) * 20, 500, axis=0)
    real, other = draw(2000, 4) + modes, draw(2000, 4, 1) + modes
    assert judge(other, real, bins=20).share < 0.2
    missed = judge(other[500:], real, bins=20)
    assert missed.share > 0.3 and missed.jsd > 0.05


def test_sets_far_apart_fall_into_other_bins():
    real = np.concatenate([draw(100, 3), draw(100, 3) + 100])
    found = judge(draw(100, 3, 1) + 1000, real, bins=2)
    assert found == approx((2, 1, 0.5 * (log(4 / 3) + 0.5 * log(2 / 3) + 0.5 * log(2)), 2))


@pytest.mark.parametrize(("reals", "bins"), [(1, 1), (19, 1), (20, 2), (1000, 100)])
def test_bins_are_fewer_where_reals_are_few(reals, bins):
    assert judge(draw(5, 2), draw(reals, 2)).bins == bins


def test_reals_with_fewer_places_than_bins_leave_some_empty():
    real = np.repeat([[0.0, 0], [1, 0]], 50, axis=0)
    assert judge(real[::2], real).ndb == 0


def test_the_seed_decides():
    fake, real = draw(300, 5), draw(300, 5, 1)
    assert judge(fake, real, seed=3) == judge(fake, real, seed=3)


def test_what_has_no_bins_is_one_sentence():
    with pytest.raises(ValueError, match="0 fake pictures are too few"):
        binned(Features(), Features.of(draw(3, 2)))
    with pytest.raises(ValueError, match="0 bins; choose 1 or more"):
        judge(draw(3, 2), draw(3, 2), bins=0)
