from math import isnan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.diversity import mean_pairwise, pairs


@given(st.integers(0, 40), st.integers(1, 1000), st.integers(0, 9))
def test_pairs_are_distinct_and_as_many_as_allowed(count, limit, seed):
    chosen = pairs(count, limit, seed)
    assert len(set(chosen)) == len(chosen) == min(limit, count * (count - 1) // 2)
    assert all(0 <= i < j < count for i, j in chosen)
    assert chosen == pairs(count, limit, seed)


def test_every_pair_is_drawn_as_often_as_the_others():
    drawn = [pair for seed in range(2000) for pair in pairs(5, 3, seed)]
    counts = [drawn.count(pair) for pair in pairs(5)]
    assert sum(counts) == 6000
    assert np.abs(np.array(counts) - 600).max() < 5 * np.sqrt(2000 * 0.3 * 0.7)


def test_of_a_great_many_pictures_a_few_pairs_are_drawn_at_once():
    chosen = pairs(10**6, 10, seed=1)
    assert len(chosen) == 10 and chosen != pairs(10**6, 10, seed=2)
    assert max(j for _, j in chosen) > 10**5


def test_the_mean_of_squared_distances_is_twice_the_variance():
    values = np.random.default_rng(0).standard_normal(30)
    mean = mean_pairwise(30, lambda chosen: [(values[i] - values[j]) ** 2 for i, j in chosen])
    assert mean.count == 435
    assert mean.value == approx(2 * values.var(ddof=1), rel=1e-12)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_pictures_have_no_diversity(count):
    assert isnan(mean_pairwise(count, lambda chosen: [1.0 for _ in chosen]).value)


def test_what_is_no_answer_is_one_sentence():
    with pytest.raises(ValueError, match="2 distances of 3 pairs; give one for each"):
        mean_pairwise(3, lambda chosen: [0.0, 0.0])
    with pytest.raises(ValueError, match="0 pairs tell nothing; allow 1 or more"):
        pairs(3, 0)
