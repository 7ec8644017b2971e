"""Geometry score: whether two sets of features have as many holes (Khrulkov & Oseledets 2018).

It is noisy and says nothing of where the sets lie: one far from the other may score 0.
"""

from collections.abc import Sequence
from math import isinf

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.features import Features
from img2img.base.metrics.holes import Interval, holes
from img2img.base.metrics.witnesses import witness_complex

Floats = NDArray[np.float64]

LANDMARKS, GREATEST, REPEATS = 64, 100, 1000  # L_0, i_max and n of the authors' code
RELAXATION = 1 / 128 / 5000  # gamma = 1/128 for 5000 pictures, and in proportion


def relative(intervals: Sequence[Interval], alpha_max: float, i_max: int = GREATEST) -> Floats:
    """(i_max,): the shares of the alphas in [0, alpha_max] where 0, 1, ... holes are open (2, 3).

    Shares of i_max holes or more are left out; inf counts as `alpha_max`, whose own 0 means that
    there was nothing to see: no hole.
    """
    shares = np.zeros(i_max)
    if not intervals or not alpha_max:
        shares[0] = 1
        return shares
    opened, closed = np.array(
        [(a, alpha_max if isinf(b) else b) for a, b in intervals], np.float64
    ).T
    switches = np.unique([0, *opened, *closed, alpha_max])
    middles = (switches[:-1] + switches[1:]) / 2
    counts = ((opened <= middles[:, None]) & (middles[:, None] < closed)).sum(axis=1)
    kept = counts < i_max
    np.add.at(shares, counts[kept], np.diff(switches)[kept])
    return shares / alpha_max


def mean_relative_living_times(
    features: Features,
    *,
    landmarks: int = LANDMARKS,
    gamma: float | None = None,
    i_max: int = GREATEST,
    repeats: int = REPEATS,
    seed: int = 0,
) -> Floats:
    """(i_max,): the mean over draws of landmarks of `relative`.

    alpha grows to gamma times the greatest distance of a picture from a landmark; gamma is n /
    5000 / 128 unless given. Landmarks are drawn with replacement, as the authors' code does.

    Raises:
        ValueError: there are no pictures.
    """
    rows = features.rows.astype(np.float64)
    if not len(rows):
        raise ValueError("0 pictures have no shape; give 1 or more")
    rows -= rows.mean(axis=0)  # for rounding's sake: distances stay
    squares = (rows**2).sum(axis=1)
    relaxed = RELAXATION * len(rows) if gamma is None else gamma
    total = np.zeros(i_max)
    for repeat in range(repeats):
        drawn = np.random.default_rng([seed, repeat]).integers(len(rows), size=landmarks)
        distances = _distances(rows, squares, drawn)
        alpha_max = relaxed * float(distances.max())
        found = holes(witness_complex(distances, alpha_max)) if alpha_max else []
        total += relative(found, alpha_max, i_max)
    return total / repeats


def geometry_score(a: Floats, b: Floats) -> float:
    """sum_i (a_i - b_i)^2 of two sets' mean relative living times, from 0 to 2."""
    return float(np.sum((a - b) ** 2))


def _distances(rows: Floats, squares: Floats, drawn: NDArray[np.int64]) -> Floats:
    """(n, l): how far each row is from each drawn one, whose own is exactly 0."""
    apart = squares[:, None] + squares[drawn] - 2 * rows @ rows[drawn].T
    distances: Floats = np.sqrt(np.maximum(apart, 0))
    distances[drawn, np.arange(len(drawn))] = 0
    return distances
