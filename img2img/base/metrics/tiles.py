"""Tiles: numbers of all pairs of rows, some thousand by some thousand, never n x n at once."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.features import Rows

Floats = NDArray[np.float64]

SIDE = 2048  # rows on a side: 32 MiB a tile in float64
ELEMENTS = 2**22  # of the rows of a side, 32 MiB; longer rows make smaller tiles
ROUNDING = 1e-12  # of squared lengths: some hundred times what is measured


class Tile(NamedTuple):
    """What pairs of rows of one block and of another have in common."""

    left: slice
    right: slice
    values: Floats
    """(left, right), the caller's to overwrite."""
    rounding: float = 0.0
    """More than rounding has changed the values by."""


def blocks(rows: Rows) -> Iterator[slice]:
    """Slices that cover the rows in turn, of a size that depends on their width alone."""
    size = max(16, min(SIDE, ELEMENTS // max(1, rows.shape[1])))
    return (slice(start, min(start + size, len(rows))) for start in range(0, len(rows), size))


def products(a: Rows, b: Rows | None = None, centre: Floats | float = 0.0) -> Iterator[Tile]:
    """<x - centre, y - centre> of each row x of a (n, d) and y of b (m, d), in float64.

    Of a's own pairs if b is None: then tiles left of the diagonal, which are their twins'
    transposes, are left out.
    """
    for left in blocks(a):
        x = a[left].astype(np.float64) - centre
        for right in blocks(a if b is None else b):
            if b is None and right.start < left.start:
                continue
            same = b is None and right == left
            y = x if same else (a if b is None else b)[right].astype(np.float64) - centre
            yield Tile(left, right, x @ y.T)


def squared_distances(a: Rows, b: Rows | None = None) -> Iterator[Tile]:
    """|x - y|^2 = |x|^2 + |y|^2 - 2 <x, y>, from 0 on, of the pairs of `products`.

    The mean of a is taken off first: what rounding leaves is in proportion to the lengths.
    """
    centre = a.mean(axis=0, dtype=np.float64) if len(a) else 0.0
    lengths = squared_lengths(a, centre)
    others = lengths if b is None else squared_lengths(b, centre)
    for tile in products(a, b, centre):
        values = tile.values
        values *= -2
        values += lengths[tile.left, None]
        values += others[tile.right]
        np.maximum(values, 0, out=values)
        longest = lengths[tile.left].max() + others[tile.right].max()
        yield tile._replace(rounding=ROUNDING * float(longest))


def squared_lengths(rows: Rows, centre: Floats | float = 0.0) -> Floats:
    """|x - centre|^2 of each row (n,)."""
    found = [((rows[block].astype(np.float64) - centre) ** 2).sum(axis=1) for block in blocks(rows)]
    return np.concatenate([np.empty(0), *found])
