from math import inf

import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics.features import Features
from img2img.base.metrics.geometry import geometry_score, mean_relative_living_times, relative


@pytest.mark.parametrize(
    ("intervals", "shares"),
    [
        ([(0, 1), (0, 2), (0, inf)], [0, 0.5, 0.25, 0.25, 0]),
        ([(1, 3)], [0.5, 0.5, 0, 0, 0]),
        ([], [1, 0, 0, 0, 0]),
        ([(0, 4)] * 4, [0, 0, 0, 0, 1]),
        ([(0, 4)] * 5, [0, 0, 0, 0, 0]),  # more holes than are counted
    ],
)
def test_living_times_by_hand(intervals, shares):
    assert relative(intervals, 4, 5) == approx(np.array(shares))


def ring(count, inner, turn, seed):
    """Points of a ring from the radius `inner` to 1, as far round as `turn`, even over its area."""
    random = np.random.default_rng(seed).random
    radius = np.sqrt(inner**2 + (1 - inner**2) * random(count))
    angle = 2 * np.pi * turn * random(count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def living(rows, **options):
    return mean_relative_living_times(
        Features.of(rows), landmarks=32, **{"gamma": 1 / 8, "repeats": 12} | options
    )


def test_a_ring_has_one_hole_and_a_disc_or_half_a_ring_none():
    circle = living(ring(2000, 0.85, 1, seed=0))
    assert circle[1] == approx(0.99, abs=0.01)
    assert geometry_score(circle, living(ring(2000, 0.85, 1, seed=1))) < 2e-4
    assert geometry_score(circle, living(ring(2000, 0.95, 1, seed=2))) < 2e-3  # a thinner one
    assert geometry_score(circle, living(ring(2000, 0, 1, seed=3))) == approx(1.7, abs=0.15)
    assert geometry_score(circle, living(ring(2000, 0.85, 0.5, seed=4))) == approx(1.93, abs=0.06)


def test_two_rings_have_two_holes():
    apart = np.concatenate([ring(800, 0.9, 1, 0), ring(800, 0.9, 1, 1) + 3])
    assert living(apart, gamma=1 / 16).argmax() == 2


def test_moving_turning_and_scaling_change_nothing():
    rows = ring(300, 0.9, 1, 0)
    turned = np.pad(rows, ((0, 0), (0, 3))) @ np.linalg.qr(np.eye(5) + 0.3).Q * 7 + 100
    assert living(turned, repeats=3) == approx(living(rows, repeats=3), abs=1e-6)


def test_how_a_set_was_split_changes_nothing():
    rows = ring(200, 0.8, 1, 0)
    parts = Features.of(rows[120:], first=120) + Features.of(rows[:120])
    whole = mean_relative_living_times(Features.of(rows), repeats=2)
    assert (mean_relative_living_times(parts, repeats=2) == whole).all()
    assert (mean_relative_living_times(parts, repeats=2, seed=1) != whole).any()
    assert whole.shape == (100,) and whole.sum() == approx(1)


def test_alpha_grows_with_the_count_as_far_as_the_paper_says():
    rows = ring(500, 0.8, 1, 0)
    given = mean_relative_living_times(Features.of(rows), gamma=500 / 5000 / 128, repeats=2)
    assert (mean_relative_living_times(Features.of(rows), repeats=2) == given).all()


@pytest.mark.parametrize("rows", [np.ones((1, 3)), np.ones((200, 3))])
def test_a_single_point_has_no_hole(rows):
    assert living(rows).tolist() == [1] + [0] * 99


def test_of_no_picture_it_is_one_sentence():
    with pytest.raises(ValueError, match="0 pictures have no shape; give 1 or more"):
        mean_relative_living_times(Features())
