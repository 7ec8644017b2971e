from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.birthday import collision_probability, support
from img2img.base.metrics.features import Features


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def pictures(count, N, seed=0):
    """As many draws of N equally likely pictures, each with its own noise of 1e-6."""
    drawn = np.random.default_rng(seed)
    return draw(N, 8, 9)[drawn.integers(N, size=count)] + draw(count, 8, seed) * 1e-6


def test_23_people_share_a_birthday_at_even_odds():
    assert collision_probability(23, 365) == approx(0.507297, abs=1e-6)
    assert collision_probability(118, 10_000) == approx(0.4999, abs=1e-4)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(1, 50))
def test_it_is_the_product_of_the_chances(s, N):
    assert collision_probability(s, N) == approx(1 - np.prod(1 - np.arange(s) / N), abs=1e-12)


def test_the_ends_are_exact():
    assert collision_probability(1, 1) == collision_probability(0, 5) == 0
    assert collision_probability(2, 1) == collision_probability(6, 5) == 1
    assert collision_probability(2, 10**12) == approx(1e-12, rel=1e-9)


@pytest.mark.parametrize("N", [50, 400, 3000])
def test_the_size_is_that_of_even_odds_and_the_estimate_the_support(N):
    found = support(Features.of(pictures(2000, N)), threshold=1e-4)
    odds = [collision_probability(int(found.size) + off, N) for off in (-1, 0)]
    assert np.mean(odds) == approx(0.5, abs=0.1)
    assert found.estimate == approx(N, rel=0.25)
    assert found.estimate == found.size**2 / (2 * log(2))


def test_a_collapse_is_a_batch_of_two():
    assert support(Features.of(np.ones((3000, 4))), threshold=0).size == 2


def test_copies_are_0_apart_however_far_from_the_rest_and_near_pictures_are_not():
    rows = draw(50, 40) * 100 + 1e3
    assert support(Features.of(np.repeat(rows, 2, axis=0)), threshold=0).size < 30
    near = np.concatenate([rows, rows * (1 + 1e-9)])
    assert support(Features.of(near), threshold=0).size == inf


def test_without_duplicates_it_is_infinite():
    assert support(Features.of(draw(100, 4)), threshold=0) == (inf, inf, 0)
    assert support(Features.of(draw(1, 4)), threshold=9) == (inf, inf, 9)


def test_the_threshold_is_what_1_real_in_100_is_as_near_as():
    real, fake = draw(500, 3), draw(400, 3, 1)
    found = support(Features.of(fake), real=Features.of(real))
    gaps = np.sqrt(((real[:, None] - real) ** 2).sum(2))
    np.fill_diagonal(gaps, inf)
    assert (gaps.min(1) <= found.threshold).mean() == approx(0.01, abs=0.004)
    assert found == support(Features.of(fake), threshold=found.threshold)
    collapsed = np.concatenate([fake[:5]] * 80) + draw(400, 3) * found.threshold / 1e3
    assert support(Features.of(collapsed), real=Features.of(real)).size < found.size / 2


def test_reals_and_fakes_of_one_distribution_have_like_sizes():
    real, fake = draw(1000, 3), draw(1000, 3, 1)
    options = {"threshold": support(Features.of(fake), real=Features.of(real)).threshold}
    sizes = [support(Features.of(rows), **options).size for rows in (fake, real)]
    assert sizes[0] == approx(sizes[1], rel=0.6)


def test_what_has_no_threshold_is_one_sentence():
    for real in (None, Features.of(draw(1, 4))):
        with pytest.raises(ValueError, match="no threshold of duplicates; give one, or two reals"):
            support(Features.of(draw(3, 4)), real=real)
    with pytest.raises(ValueError, match="no pictures have no duplicates; give one or more"):
        support(Features(), threshold=1)
