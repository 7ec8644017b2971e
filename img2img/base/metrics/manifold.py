"""Manifolds of balls around features: how much of each set lies in the other's."""

from typing import NamedTuple

import numpy as np

from img2img.base.metrics.features import Features, check_two
from img2img.base.metrics.neighbours import nearest, radii, within
from img2img.base.metrics.tiles import squared_distances


class Manifold(NamedTuple):
    """Fidelity (precision, density) and diversity (recall, coverage)."""

    precision: float
    """The share of fakes inside a ball of a real."""
    recall: float
    """The share of reals inside a ball of a fake."""
    f1: float
    """Their harmonic mean; 0 where both are."""
    density: float
    """How many balls of reals a fake lies in, over k; above 1 where fakes crowd."""
    coverage: float
    """The share of reals with a fake inside their ball."""


def manifold(fake: Features, real: Features, *, k: int = 3, k_density: int = 5) -> Manifold:
    """Balls reach from each row to its k-th nearest other one of its set.

    Precision and recall: Kynkaanniemi et al. 2019, equations 1 and 2, whose balls hold their
    surface. Density and coverage: Naeem et al. 2020, with `k_density`; their
    balls do not hold it, as in the authors' code, so that a set against itself has a density of 1.

    Raises:
        ValueError: a set has too few pictures for its balls, or dimensions differ.
    """
    check_two(fake, real)
    for side, count, least in (("fake", len(fake), k), ("real", len(real), max(k, k_density))):
        if count <= least:
            told = f"{count} {side} pictures are too few for their {least} nearest"
            raise ValueError(f"{told}; give more, or a smaller k")
    y, x = fake.rows, real.rows
    reach = nearest(x, x, max(k, k_density), itself=True).distances
    wide, narrow, fakes = reach[:, k - 1], reach[:, k_density - 1], radii(y, k)
    precise, dense = np.zeros(len(y), bool), np.zeros(len(y), np.int64)
    recalled, covered = np.zeros(len(x), bool), np.zeros(len(x), bool)
    for tile in squared_distances(y, x):
        left, right = tile.left, tile.right
        precise[left] |= within(tile, y, x, wide[right], closed=True).any(axis=1)
        recalled[right] |= within(tile, y, x, fakes[left, None], closed=True).any(axis=0)
        inside = within(tile, y, x, narrow[right], closed=False)
        dense[left] += inside.sum(axis=1)
        covered[right] |= inside.any(axis=0)
    precision, recall = float(precise.mean()), float(recalled.mean())
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return Manifold(precision, recall, f1, float(dense.mean() / k_density), float(covered.mean()))
