from functools import partial, reduce
from math import inf, isnan, nan
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from scipy.stats import bootstrap

from img2img.base.metrics import interval as module
from img2img.base.metrics.confusion import Confusion, averaged, mean_iou, overall, overlaps
from img2img.base.metrics.interval import interval, interval_of_confusions


def draw(count, seed=0):
    return np.random.default_rng(seed).standard_normal(count)


def test_it_is_about_that_of_the_normal_distribution():
    values = draw(2000) * 3 + 5
    error = values.std() / np.sqrt(2000)
    low, high = interval(values)
    assert low == approx(values.mean() - 1.96 * error, abs=0.15 * error)
    assert high == approx(values.mean() + 1.96 * error, abs=0.15 * error)


def test_it_is_scipys_but_for_the_draws():
    values = np.exp(draw(60))
    theirs = bootstrap((values,), np.mean, n_resamples=20000, method="percentile", rng=1)
    assert interval(values, resamples=20000) == approx(tuple(theirs.confidence_interval), rel=0.02)


@given(st.integers(0, 2**32 - 1), st.integers(2, 30))
@settings(max_examples=20)
def test_neither_order_nor_blocks_nor_what_is_undefined_play_a_part(seed, count):
    values = draw(count, seed)
    found = interval(values, resamples=50)
    assert found == interval(values, resamples=50)
    assert found == interval(np.random.default_rng(seed).permutation(values), resamples=50)
    assert found == interval([nan, *values, nan], resamples=50)
    rounding = 1e-12
    assert values.min() - rounding <= found[0] <= found[1] <= values.max() + rounding


def test_large_sets_are_drawn_in_blocks(monkeypatch):
    values = draw(100)
    whole = interval(values)
    monkeypatch.setattr(module, "MOST", 12345)
    assert interval(values) == approx(whole, rel=1e-12)


def test_shifts_and_factors_carry_over_and_the_seed_matters():
    low, high = interval(draw(40))
    assert interval(draw(40) * 3 + 7) == approx((3 * low + 7, 3 * high + 7), rel=1e-12)
    assert interval(draw(40), seed=1) != (low, high)
    assert interval([4.0, 4.0, 4.0]) == (4, 4)


@pytest.mark.parametrize("values", [[], [1.0], [nan, 2.0], [inf]])
def test_fewer_than_two_values_have_none(values):
    assert all(isnan(end) for end in interval(values))


def test_an_infinite_value_makes_what_it_is_drawn_for_infinite():
    assert interval([30.0] * 99 + [inf]) == (30, inf)  # in 63 of 100 draws
    assert interval([30.0] * 2 + [inf] * 8) == (inf, inf)  # in all but 1 of 10 million


def confusions(count, seed=0):
    maps = np.random.default_rng(seed).integers(0, 3, (count, 2, 4, 5))
    maps[:, 0] = np.where(np.random.default_rng(seed).random((count, 4, 5)) < 0.7, maps[:, 1], 0)
    return [Confusion.of(*pair, 3) for pair in maps]


def test_confusions_are_drawn_picture_by_picture():
    each = confusions(30)
    picked = np.random.default_rng(5).integers(0, 30, (2000, 30))
    means = [mean_iou(reduce(add, [each[i] for i in row])) for row in picked]
    expected = np.quantile(means, [0.025, 0.975])
    assert interval_of_confusions(each, averaged(overlaps), resamples=4000) == approx(
        expected, abs=4e-3
    )


def test_pictures_of_one_size_have_the_interval_of_their_means():
    each = confusions(12)
    shares = [float(overall(one.margins)) for one in each]
    low, high = interval_of_confusions(each, overall)
    assert interval(shares) == approx((low, high), abs=0.02)


def test_neither_the_order_of_confusions_nor_hidden_pictures_play_a_part():
    each, nothing = confusions(9), Confusion(np.zeros((3, 3), np.int64))
    found = partial(interval_of_confusions, finish=averaged(overlaps, 1), resamples=99)
    assert found(each) == found(each[::-1]) == found([nothing, *each])
    assert all(isnan(end) for end in found([nothing, each[0], nothing]))
    ignored = Confusion(np.diag([0, 4, 0]))
    assert all(isnan(end) for end in found([ignored, ignored]))
