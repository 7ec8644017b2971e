from itertools import combinations
from math import inf

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.holes import holes
from img2img.base.metrics.witnesses import Complex, Simplices


def simplices(values, size):
    order = sorted(values, key=values.get)
    corners = np.array(order, np.int64).reshape(-1, size)
    return Simplices(corners, np.array([values[each] for each in order], float))


def shape(edges, triangles, landmarks=4):
    return Complex(landmarks, simplices(edges, 2), simplices(triangles, 3))


SQUARE = {(0, 1): 0.1, (1, 2): 0.2, (2, 3): 0.3, (0, 3): 0.4}


def test_a_loop_opens_a_hole_and_its_filling_closes_it():
    assert holes(shape(SQUARE, {})) == [(0.4, inf)]
    filled = shape(SQUARE | {(0, 2): 0.5}, {(0, 1, 2): 0.6, (0, 2, 3): 0.9})
    assert sorted(holes(filled)) == [(0.4, 0.9), (0.5, 0.6)]  # the younger closes first


def test_a_hole_that_is_filled_at_once_is_none_and_a_tree_has_none():
    assert holes(shape({(0, 1): 0.1, (0, 2): 0.1, (1, 2): 0.3}, {(0, 1, 2): 0.3})) == []
    assert holes(shape({(0, 1): 0.1, (1, 2): 0.2, (1, 3): 0.2}, {})) == []
    assert holes(shape({}, {})) == []


def test_the_surface_of_a_tetrahedron_has_no_1_d_hole_left():
    edges = {pair: 0.1 * n for n, pair in enumerate(combinations(range(4), 2))}
    triangles = {triple: 1.0 + 0.1 * n for n, triple in enumerate(combinations(range(4), 3))}
    assert [closed for _, closed in holes(shape(edges, triangles))] == approx([1.0, 1.1, 1.2])


def rank(matrix):
    """Over Z/2, by elimination."""
    rows, found = [row.copy() for row in matrix], 0
    for column in range(matrix.shape[1]):
        pivot = next((n for n in range(found, len(rows)) if rows[n][column]), None)
        if pivot is not None:
            rows[found], rows[pivot] = rows[pivot], rows[found]
            for n in range(len(rows)):
                if n != found and rows[n][column]:
                    rows[n] = rows[n] ^ rows[found]
            found += 1
    return found


def boundary(faces, cells):
    return np.array([[set(f) < set(c) for c in cells] for f in faces], bool).reshape(
        len(faces), len(cells)
    )


@settings(max_examples=20)
@given(st.integers(4, 7), st.integers(0, 999))
def test_at_every_alpha_as_many_are_open_as_the_betti_number_says(landmarks, seed):
    random = np.random.default_rng(seed).random
    edges = {pair: random() for pair in combinations(range(landmarks), 2) if random() < 0.8}
    triangles = {
        triple: max(edges[face] for face in combinations(triple, 2)) + random() / 2
        for triple in combinations(range(landmarks), 3)
        if all(face in edges for face in combinations(triple, 2))
    }
    intervals = holes(shape(edges, triangles, landmarks))
    for alpha in (0.3, 0.6, 0.9, 1.2):
        E, T = ([cell for cell, v in each.items() if v <= alpha] for each in (edges, triangles))
        points = [(v,) for v in range(landmarks)]
        betti = len(E) - rank(boundary(points, E)) - rank(boundary(E, T))
        assert sum(a <= alpha < b for a, b in intervals) == betti
