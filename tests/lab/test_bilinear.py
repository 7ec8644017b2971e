from math import hypot, sqrt

import pytest

from img2img.lab.bilinear import METHODS, distance, expected, path


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("simultaneous", 204.7396182),
        ("extragradient", 0.0097733906),
        ("optimistic", 0.0089162435),
    ],
)
def test_after_1000_iterations_the_game_stands_where_theory_says(name, figure):
    assert distance(path(METHODS[name])) == pytest.approx(figure, rel=1e-8)


@pytest.mark.parametrize("name", ["simultaneous", "extragradient"])
def test_the_distance_is_the_closed_form(name):
    assert distance(path(METHODS[name], 300)) == pytest.approx(expected(300)[name], rel=1e-12)


def test_taking_turns_neither_arrives_nor_escapes():
    radii = [hypot(*place) for place in path(METHODS["alternating"])]
    assert min(radii) > 1.345 and max(radii) <= sqrt(2) + 1e-12
