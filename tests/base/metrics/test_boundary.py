from math import isnan

import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics.boundary import (
    Accuracies,
    Labelled,
    _balanced,
    accuracies,
    boundary_distortion,
    gan_quality_index,
)


def draw(seed, counts=(300, 300, 300), spread=1.0):
    labels = np.repeat(np.arange(3), counts)
    noise = np.random.default_rng(seed).standard_normal((len(labels), 5))
    return Labelled(np.eye(3, 5)[labels] * 2.5 + noise * spread, labels)


def test_another_draw_of_real_pictures_is_as_good_to_learn_from():
    found = [accuracies(draw(3 * k), draw(3 * k + 1), draw(3 * k + 2)) for k in range(4)]
    error = 0.4 * (2 / 900) ** 0.5  # of the difference of two shares of about 0.8, of 900
    for each in found:
        assert boundary_distortion(each) == approx(0, abs=3 * error)
        assert gan_quality_index(each) == approx(100, abs=300 * error / each.real)


def test_fakes_without_a_class_lose_all_of_it():
    found = accuracies(draw(0), draw(1, (300, 300, 0), 0.1), draw(2, spread=0.1))
    assert found == (1, approx(2 / 3))
    assert boundary_distortion(found) == approx(1 / 3)
    assert gan_quality_index(found) == approx(200 / 3)


def test_fakes_of_mixed_labels_teach_nothing():
    fake = draw(1)
    mixed = fake._replace(labels=np.random.default_rng(0).permutation(fake.labels))
    assert accuracies(draw(0), mixed, draw(2)).fake == approx(1 / 3, abs=0.12)


def test_how_often_a_class_occurs_does_not_matter():
    train, test = draw(0), draw(2)
    few = draw(1, (40, 300, 900))
    found = accuracies(train, few, test)
    assert boundary_distortion(found) == approx(0, abs=0.06)
    twice = Labelled(*(np.concatenate([each, each[test.labels == 1]]) for each in test))
    assert accuracies(train, few, twice) == approx(found)


def test_a_draw_takes_no_picture_twice_and_as_many_of_each_class():
    few = _balanced(draw(0, (6, 9, 30)), 6, seed=0)
    assert np.bincount(few.labels).tolist() == [6, 6, 6]
    assert len(np.unique(few.rows, axis=0)) == 18


def test_the_draw_follows_from_the_seed():
    sets = draw(0, (30, 90, 90)), draw(1, (90, 30, 60)), draw(2)
    assert accuracies(*sets, seed=1) == accuracies(*sets, seed=1) != accuracies(*sets, seed=2)


def test_nothing_learned_from_real_pictures_is_no_index():
    assert isnan(gan_quality_index(Accuracies(0.0, 0.5)))


def test_what_has_no_boundary_is_one_sentence():
    good, none = draw(0), Labelled(np.zeros((0, 5)), np.zeros(0, int))
    with pytest.raises(ValueError, match="the set fake has 0 rows and 0 labels; give one or more"):
        accuracies(good, none, good)
    with pytest.raises(ValueError, match="the set test has 900 rows and 3 labels"):
        accuracies(good, good, good._replace(labels=np.arange(3)))
    with pytest.raises(ValueError, match="1 class leaves nothing to tell apart"):
        accuracies(draw(0, (5, 0, 0)), good, good)
