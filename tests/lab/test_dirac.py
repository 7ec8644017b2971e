from functools import cache
from itertools import pairwise
from math import hypot

import pytest

from img2img.lab.dirac import LR, RULES, path


@cache
def played(name):
    return path(RULES[name])


def radii(name):
    return [hypot(*place) for place in played(name)]


@pytest.mark.parametrize("name", ["minimax", "wasserstein"])
def test_without_a_penalty_the_players_keep_their_distance(name):
    found = radii(name)  # sqrt(2) at the start
    assert min(found) > 1.3 and max(found) < 1.5


@pytest.mark.parametrize("name", ["minimax", "non-saturating", "wasserstein"])
def test_without_a_penalty_the_players_circle_the_solution(name):
    right = [theta > 0 for theta, _ in played(name)]
    assert sum(a != b for a, b in pairwise(right)) >= 12  # half turns


def test_the_non_saturating_loss_closes_in_ever_more_slowly():
    found = radii("non-saturating")
    for step in (200, 500, 1000):
        assert found[step] == pytest.approx((step * LR / 8 + 1 / 2) ** -0.5, rel=0.06)


def test_with_r1_they_arrive():
    assert radii("non-saturating-r1")[-1] < 1e-12


def test_with_a_gradient_penalty_they_never_arrive():
    assert min(radii("wasserstein-gp")) > 1  # it holds psi near 1 and -1
