from math import exp, log

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from torch_fidelity.metric_isc import isc_features_to_metric
from torchmetrics.image.inception import InceptionScore

from img2img.base.metrics.features import Features
from img2img.base.metrics.scores import (
    am_score,
    inception_score,
    mode_score,
    modified_inception_score,
)

ONE_HOT = np.tile(np.eye(10), (20, 1))
UNSURE = np.array([[0.9, 0.1], [0.1, 0.9]] * 10)  # both classes equally often


def logits(count, classes=10, seed=0):
    return np.random.default_rng(seed).standard_normal((count, classes)) * 2


def probabilities(count, classes=10, seed=0):
    values = np.exp(logits(count, classes, seed))
    return values / values.sum(1, keepdims=True)


def of(finish, *sets, **options):
    return finish(*(Features.of(rows) for rows in sets), **options)


def entropy(p):
    return -np.sum(p * np.log(p), axis=-1)


@pytest.mark.parametrize("splits", [1, 3, 10])
def test_inception_score_agrees_with_torch_fidelity(splits):
    order = np.random.default_rng(4).permutation(57)
    oracle = isc_features_to_metric(torch.tensor(logits(57)[order]), splits, shuffle=False)
    found = of(inception_score, probabilities(57), splits=splits, seed=4)
    expected = oracle["inception_score_mean"], oracle["inception_score_std"]
    assert found == approx(expected, abs=1e-9)


@pytest.mark.filterwarnings("ignore:Metric `InceptionScore` will save", "ignore:std()")
def test_inception_score_agrees_with_torchmetrics():
    metric = InceptionScore(torch.nn.Identity(), splits=1).set_dtype(torch.float64)
    metric.update(torch.tensor(logits(50)))
    mean, _ = metric.compute()
    assert of(inception_score, probabilities(50), splits=1).mean == approx(mean.item(), abs=1e-9)


@pytest.mark.parametrize("splits", [1, 2])
def test_inception_score_is_the_number_of_classes_that_are_surely_there(splits):
    assert of(inception_score, ONE_HOT, splits=1) == approx((10, 0), rel=1e-12)
    assert of(inception_score, np.full((9, 4), 0.25), splits=splits) == approx((1, 0), rel=1e-12)
    assert of(inception_score, UNSURE, splits=1).mean == approx(1.4449348, abs=1e-7)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 12))
def test_inception_score_lies_between_1_and_the_number_of_classes(seed, count, splits):
    mean, deviation = of(inception_score, probabilities(count, 5, seed), splits=splits)
    assert 1 - 1e-12 <= mean <= 5 and deviation >= 0


def test_fewer_pictures_than_splits_are_a_split_each():
    assert of(inception_score, probabilities(3)) == approx((1, 0), abs=1e-12)


def test_modified_inception_score_is_the_mean_over_classes_of_all_pairs():
    p, labels = probabilities(30), np.arange(30) % 3
    expected = []
    for label in range(3):
        own = p[labels == label]
        pairs = (own[:, None] * (np.log(own)[:, None] - np.log(own))).sum(2)
        expected.append(exp(pairs.mean()))
    assert of(modified_inception_score, p, labels=labels) == approx(np.mean(expected), rel=1e-12)
    likeliest = of(modified_inception_score, p, labels=p.argmax(1))
    assert of(modified_inception_score, p) == likeliest


def test_modified_inception_score_is_1_where_pictures_of_a_class_are_alike():
    assert of(modified_inception_score, UNSURE) == approx(1, rel=1e-12)
    assert of(modified_inception_score, ONE_HOT) == approx(1, rel=1e-12)
    alike = np.zeros(20, int)
    assert of(modified_inception_score, UNSURE, labels=alike) == approx(exp(0.4 * log(9)))


def test_mode_score_is_the_inception_score_less_the_classes_that_are_missed():
    p, real = probabilities(40), probabilities(50, seed=1)
    marginal, target = p.mean(0), real.mean(0)
    missed = np.sum(marginal * np.log(marginal / target))
    inception = of(inception_score, p, splits=1).mean
    assert of(mode_score, p, real) == approx(inception * exp(-missed), rel=1e-12)
    assert of(mode_score, p, p[::-1]) == approx(inception, rel=1e-12)


def test_the_mode_score_of_surveys_would_be_the_inception_score():
    p, target = probabilities(40), probabilities(50, seed=1).mean(0)
    quality = (p * np.log(p / target)).sum(1).mean()
    missed = np.sum(p.mean(0) * np.log(p.mean(0) / target))
    inception = of(inception_score, p, splits=1).mean
    assert exp(quality - missed) == approx(inception, rel=1e-12)


def test_am_score_is_0_of_sure_fakes_of_the_reals_classes():
    assert of(am_score, ONE_HOT, ONE_HOT) == approx(0, abs=1e-12)
    assert of(am_score, np.full((3, 4), 0.25), np.eye(4)) == approx(log(4))
    p, real = probabilities(40), probabilities(50, seed=1)
    target = real.mean(0)
    expected = np.sum(target * np.log(target / p.mean(0))) + entropy(p).mean()
    assert of(am_score, p, real) == approx(expected, rel=1e-12)


def test_a_class_that_is_never_there_counts_as_1e_16():
    missed, all_there = np.eye(4)[:2], np.eye(4)
    assert of(am_score, missed, all_there) == approx(0.5 * log(0.25 / 1e-16) + 0.5 * log(0.5))
    assert of(mode_score, all_there, missed) == approx(
        4 * exp(-(0.5 * log(0.25 / 1e-16) + 0.5 * log(0.5))), rel=1e-9
    )


SCORES = [inception_score, modified_inception_score]


@pytest.mark.parametrize("score", SCORES)
def test_what_are_no_probabilities_is_one_sentence(score):
    with pytest.raises(ValueError, match="no pictures have no score; give one or more"):
        score(Features())
    with pytest.raises(ValueError, match=r"rows from .* that sum to .* are no probabilities"):
        of(score, logits(4))
    with pytest.raises(ValueError, match=r"rows from -1 on that sum to 1 are no probabilities"):
        of(score, [[2.0, -1.0]])


def test_other_errors_are_one_sentence():
    with pytest.raises(ValueError, match="0 splits; choose 1 or more"):
        of(inception_score, ONE_HOT, splits=0)
    with pytest.raises(ValueError, match=r"labels \(3,\) of 200 pictures; give one of each"):
        of(modified_inception_score, ONE_HOT, labels=[0, 1, 2])
    with pytest.raises(ValueError, match="features of 10 and 4 dimensions"):
        of(mode_score, ONE_HOT, np.eye(4))
    with pytest.raises(ValueError, match="0 real pictures are too few"):
        am_score(Features.of(ONE_HOT), Features())
