from itertools import combinations
from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneOut, cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from img2img.base.metrics.features import Features
from img2img.base.metrics.neighbours import nearest
from img2img.base.metrics.two_sample import chances, logistic_test, nearest_neighbour_test

BAYES = 0.6914624613  # of N(0, 1) and N(1, 1)


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def of(finish, fake, real, **options):
    return finish(Features.of(fake), Features.of(real), **options)


def test_equal_distributions_are_told_apart_by_chance():
    found = [of(nearest_neighbour_test, draw(200, 3, 2 * i), draw(200, 3, 2 * i + 1))
             for i in range(60)]  # fmt: skip
    accuracies, _, _, p_values = (np.array(each) for each in zip(*found, strict=True))
    assert accuracies.mean() == approx(0.499, abs=0.015)
    assert 0.35 < (p_values < 0.5).mean() < 0.65


def test_a_copy_is_told_wrong_and_sets_far_apart_right():
    real = draw(100, 8)
    copied = of(nearest_neighbour_test, real, real)
    assert copied[:3] == (0, 0, 0) and copied.p_value < 1e-9
    far = of(nearest_neighbour_test, real + 1e3, draw(100, 8, 1))
    assert far[:3] == (1, 1, 1) and far.p_value < 1e-9


def test_it_is_the_leave_one_out_accuracy_of_sklearn():
    fake, real = draw(40, 3), draw(40, 3, 1) + 0.7
    pool, labels = np.concatenate([fake, real]), np.repeat([0, 1], 40)
    right = cross_val_score(KNeighborsClassifier(1), pool, labels, cv=LeaveOneOut())
    found = of(nearest_neighbour_test, fake, real)
    assert found[:3] == approx((right.mean(), right[40:].mean(), right[:40].mean()))


def test_equally_near_pictures_are_chosen_from_by_chance():
    found = of(nearest_neighbour_test, np.zeros((300, 2)), np.zeros((300, 2)))
    spread = of(nearest_neighbour_test, np.zeros((3, 2)), np.zeros((3, 2)), seed=1)
    assert 0 <= found.accuracy <= 1 and 0 <= spread.accuracy <= 1
    assert found.p_value > 1e-3


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([2, 3, 4]), st.integers(1, 3))
def test_chances_are_those_over_all_labellings(seed, half, d):
    rows = draw(2 * half, d, seed)
    indices = nearest(rows, rows, itself=True).indices[:, 0]
    accuracies = []
    for reals in combinations(range(2 * half), half):
        label = np.isin(np.arange(2 * half), reals)
        accuracies.append((label == label[indices]).mean())
    assert chances(indices) == approx((np.mean(accuracies), np.var(accuracies)), abs=1e-12)


@pytest.mark.parametrize("test", [nearest_neighbour_test, logistic_test])
def test_as_many_are_drawn_of_the_larger_set(test):
    found = of(test, draw(30, 3), draw(200, 3, 1))
    assert found == of(test, draw(30, 3), draw(200, 3, 1))
    assert (found.real * 30) % 0.5 == approx(0, abs=1e-9)
    assert 0.2 < found.accuracy < 0.8


def test_a_picture_each_tells_nothing():
    assert of(nearest_neighbour_test, [[0.0]], [[1.0]]) == (0, 0, 0, 1)
    assert 0 <= of(logistic_test, [[0.0], [2]], [[1.0], [3]]).accuracy <= 1


def test_logistic_comes_near_bayes_of_gaussians():
    found = of(logistic_test, draw(20_000, 1), draw(20_000, 1, 1) + 1)
    assert found.accuracy == approx(BAYES, abs=4 * 0.5 / sqrt(20_000))
    assert found.p_value < 1e-9
    assert found.real == approx(BAYES, abs=0.02) and found.fake == approx(BAYES, abs=0.02)


def test_logistic_tells_equal_distributions_by_chance_and_separate_ones_surely():
    p_values = [
        of(logistic_test, draw(100, 3, 2 * i), draw(100, 3, 2 * i + 1)).p_value for i in range(60)
    ]
    assert np.mean(p_values) == approx(0.5, abs=0.12)
    far = of(logistic_test, draw(100, 3) + 100, draw(100, 3, 1))
    assert far[:3] == (1, 1, 1) and far.p_value < 1e-9


def test_logistic_takes_fewer_pictures_than_dimensions_and_constant_ones():
    shifted = draw(20, 100, 1) + 0.5
    assert of(logistic_test, draw(20, 100), shifted).accuracy > 0.7
    constant = np.concatenate([draw(20, 3), np.ones((20, 2))], axis=1)
    assert of(logistic_test, constant, constant[::-1]).accuracy == approx(0.5, abs=0.35)
    assert of(logistic_test, np.ones((6, 2)), np.ones((6, 2))).accuracy == 0.5


def test_logistic_is_sklearns_on_the_same_halves():
    fake, real = draw(50, 4), draw(50, 4, 1) + 0.4
    drawn = np.random.default_rng(7)
    y, x = fake[drawn.permutation(50)], real[drawn.permutation(50)]
    trained = np.concatenate([y[:25], x[:25]])
    mean, deviation = trained.mean(0), trained.std(0)
    model = LogisticRegression().fit((trained - mean) / deviation, np.repeat([0, 1], 25))
    told = [model.predict((rows[25:] - mean) / deviation) for rows in (x, y)]
    found = of(logistic_test, fake, real, seed=7)
    assert found[1:3] == approx((told[0].mean(), 1 - told[1].mean()))
    assert found.accuracy == approx((found.real + found.fake) / 2)
    z = (found.accuracy - 0.5) * sqrt(4 * 50)  # N(1/2, 1/(4 n))
    assert found.p_value == approx(erfc(z / sqrt(2)) / 2)


def test_what_cannot_be_tested_is_one_sentence():
    with pytest.raises(ValueError, match="0 real pictures are too few; give 1 or more"):
        nearest_neighbour_test(Features.of(draw(3, 2)), Features())
    with pytest.raises(ValueError, match="1 fake pictures are too few; give 2 or more"):
        of(logistic_test, draw(1, 2), draw(3, 2))
    with pytest.raises(ValueError, match="a penalty of 0; give one above 0"):
        of(logistic_test, draw(3, 2), draw(3, 2), penalty=0)
