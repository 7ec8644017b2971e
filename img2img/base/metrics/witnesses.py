"""Witness complex: the shape of a set, by how its points see a few landmarks among them.

A point witnesses a simplex, relaxed by alpha, if none of the other landmarks is nearer to it than
the simplex's farthest one less alpha (de Silva and Carlsson 2004, section 2).
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BLOCK = 512  # points at a time, to bound the memory where many are as near as others


class Simplices(NamedTuple):
    """Those of one dimension, in the order that they appear in."""

    corners: NDArray[np.int64]
    """(m, k): the landmarks of each, rising."""
    values: Floats
    """(m,): the alpha from which on it is there."""


class Complex(NamedTuple):
    """What appears up to some alpha; the landmarks, being points themselves, do so at 0."""

    landmarks: int
    edges: Simplices
    triangles: Simplices


def witness_complex(distances: Floats, greatest: float) -> Complex:
    """The complex of the distances (n, l) of points from l landmarks, for alphas up to `greatest`.

    A simplex appears as soon as a point witnesses it and its faces are there.
    """
    landmarks = distances.shape[1]
    rising = np.arange(landmarks)[:, None] < np.arange(landmarks)
    # inf until it is witnessed; -inf where the numbers of landmarks do not rise
    pairs = np.where(rising, np.inf, -np.inf)
    triples = np.where(rising[:, :, None] & rising, np.inf, -np.inf)
    for start in range(0, len(distances), BLOCK):
        block = distances[start : start + BLOCK]
        order = np.argsort(block, axis=1, kind="stable")
        ranked = np.take_along_axis(block, order, axis=1)
        for table in (pairs, triples):
            # what is witnessed later than all that was seen so far changes nothing
            _witness(order, ranked, min(greatest, table.max(initial=-np.inf)), table)
    i, j, k = np.nonzero(np.isfinite(triples))
    faces = np.max([pairs[i, j], pairs[i, k], pairs[j, k]], axis=0)
    triples[i, j, k] = np.maximum(triples[i, j, k], faces)
    return Complex(landmarks, _listed(pairs), _listed(triples))


def _witness(order: NDArray[np.int64], ranked: Floats, greatest: float, table: Floats) -> None:
    """Lower the table (l, l) or (l, l, l) to what these points witness of its simplices."""
    landmarks, size = len(table), table.ndim
    for last in range(size - 1, landmarks):
        # a simplex with the landmark of rank `last` leaves one of the first `size` others out
        near = ranked[:, last] - ranked[:, min(size - 1, last)] <= greatest
        if not near.any():
            return
        ranks = np.array([(*chosen, last) for chosen in combinations(range(last), size - 1)])
        values = ranked[near, last, None] - ranked[near][:, _nearest_other(ranks, landmarks)]
        values = np.maximum(values, 0)
        points, rows = np.nonzero(values <= greatest)
        corners = np.sort(order[near][points[:, None], ranks[rows]], axis=1)
        np.minimum.at(table, tuple(corners.T), values[points, rows])


def _nearest_other(ranks: NDArray[np.int64], landmarks: int) -> NDArray[np.int64]:
    """(m,): the least rank that is not among the rising `ranks` (m, k)."""
    first = (ranks == np.arange(ranks.shape[1])).sum(axis=1)  # those that none is left out before
    rank: NDArray[np.int64] = np.minimum(first, landmarks - 1)  # of all: at alpha 0
    return rank


def _listed(table: Floats) -> Simplices:
    corners = np.argwhere(np.isfinite(table))
    values = table[tuple(corners.T)]
    order = np.argsort(values, kind="stable")
    return Simplices(corners[order], values[order])
