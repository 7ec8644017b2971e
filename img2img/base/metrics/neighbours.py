"""Neighbours: the nearest rows of a set, and the balls that reach to them, exact in float64."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.features import Rows
from img2img.base.metrics.tiles import Floats, Tile, squared_distances

SPARE = 4  # candidates beyond k, whose order rounding may have changed

Booleans = NDArray[np.bool_]


class Nearest(NamedTuple):
    """The k nearest rows of each query, the nearest first; of a few equally near, the first."""

    distances: Floats
    """(n, k)"""
    indices: NDArray[np.intp]
    """(n, k), into the rows."""


def nearest(queries: Rows, rows: Rows, k: int = 1, *, itself: bool = False) -> Nearest:
    """The k nearest of rows (m, d) to each of queries (n, d), by Euclidean distance.

    Equal rows are 0 apart, not nearly so.

    Args:
        queries: (n, d).
        rows: (m, d).
        k: From 1 on.
        itself: Both are one set, and each row leaves itself out.

    Raises:
        ValueError: there are fewer than k rows to choose from.
    """
    others = len(rows) - itself
    if not 1 <= k <= others:
        raise ValueError(f"{others} pictures have no {k} nearest; give more, or a k from 1 on")
    kept = min(k + SPARE, others)
    squares = np.full((len(queries), kept), np.inf)
    indices = np.zeros((len(queries), kept), np.intp)
    for left, right, values, _ in squared_distances(queries, None if itself else rows):
        if itself and left == right:
            np.fill_diagonal(values, np.inf)
        _keep(squares[left], indices[left], values, right.start)
        if itself and left != right:
            _keep(squares[right], indices[right], values.T, left.start)
    for column in range(kept):
        squares[:, column] = apart(queries, rows, np.arange(len(queries)), indices[:, column])
    order = np.lexsort((indices, squares), axis=1)[:, :k]
    distances = np.sqrt(np.take_along_axis(squares, order, axis=1))
    return Nearest(distances, np.take_along_axis(indices, order, axis=1))


def radii(rows: Rows, k: int) -> Floats:
    """(n,): the distance of each row to its k-th nearest other one.

    Raises:
        ValueError: there are k rows or fewer.
    """
    return nearest(rows, rows, k, itself=True).distances[:, -1]


def apart(a: Rows, b: Rows, i: NDArray[np.intp], j: NDArray[np.intp]) -> Floats:
    """|a_i - b_j|^2 (p,) of pairs of indices (p,), from the differences: exactly 0 of equals."""
    found = np.empty(len(i))
    for start in range(0, len(i), 1024):
        some = slice(start, start + 1024)
        gaps = a[i[some]].astype(np.float64, order="C") - b[j[some]]
        found[some] = (gaps * gaps).sum(axis=1)
    return found


def within(tile: Tile, a: Rows, b: Rows, radii: Floats, *, closed: bool) -> Booleans:
    """Whether the pairs of a tile of squared distances lie in balls, as exact differences say.

    Args:
        tile: Of rows of a (n, d) and of b (m, d).
        a: The rows on its left.
        b: Those on its right.
        radii: They spread over the tile: (right,), or (left, 1).
        closed: Whether the balls hold their surface.
    """
    found: Booleans = tile.values < radii**2
    unsure = np.nonzero(np.abs(tile.values - radii**2) <= tile.rounding)
    i, j = (part + side.start for part, side in zip(unsure, (tile.left, tile.right), strict=True))
    distances = np.sqrt(apart(a, b, i, j))
    limits = np.broadcast_to(radii, found.shape)[unsure]
    found[unsure] = distances <= limits if closed else distances < limits
    return found


def _keep(squares: Floats, indices: NDArray[np.intp], values: Floats, start: int) -> None:
    """Put what is nearer in `values`, of the rows from `start` on, into the nearest so far."""
    kept = min(squares.shape[1], values.shape[1])
    found = np.argpartition(values, kept - 1, axis=1)[:, :kept]
    both = np.hstack([squares, np.take_along_axis(values, found, axis=1)])
    order = np.argpartition(both, squares.shape[1] - 1, axis=1)[:, : squares.shape[1]]
    squares[:] = np.take_along_axis(both, order, axis=1)
    indices[:] = np.take_along_axis(np.hstack([indices, found + start]), order, axis=1)
