"""The birthday paradox: how many different pictures a generator makes (Arora and Zhang 2017)."""

from math import inf, log
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.features import Features, Rows, check_two
from img2img.base.metrics.neighbours import apart, nearest
from img2img.base.metrics.tiles import squared_distances

TRIALS = 1000
ENOUGH = 10_000  # pairs of duplicates: 1 % of a batch's chance
CLOSE = 0.01  # of reals may have a duplicate among them

Pairs = tuple[NDArray[np.intp], NDArray[np.intp]]


class Support(NamedTuple):
    """How many pictures there are, and how large a batch that holds a duplicate speaks of them."""

    estimate: float
    """Of different pictures; inf if there is no duplicate among all: more, then, than the square
    of their number over 2 log 2."""
    size: float
    """Of the batch that holds a duplicate at even odds; inf likewise."""
    threshold: float
    """Pictures at most so far apart are duplicates."""


def collision_probability(s: int, N: int) -> float:
    """1 - (1 - 1/N) ... (1 - (s - 1)/N): that s draws of N equally likely pictures hold a pair."""
    if s > N:
        return 1.0
    return float(-np.expm1(np.log1p(-np.arange(s) / N).sum()))


def support(
    features: Features,
    *,
    threshold: float | None = None,
    real: Features | None = None,
    seed: int = 0,
) -> Support:
    """The smallest batch whose chance of a duplicate is 1/2 or more, s, and s^2 / (2 log 2).

    That is a lower bound of the support where pictures are not equally likely. The chance is that
    of 1,000 orders of the pictures, drawn by the seed; where duplicates abound, of some of the
    pictures alone.

    Args:
        features: Of fakes.
        threshold: The distance of duplicates at most. Unless given, one in a hundred reals has
            another as near: the 0.01 quantile of the reals' distances to their nearest other one.
        real: To find the threshold by.
        seed: Of the orders.

    Raises:
        ValueError: there are no pictures, or neither a threshold nor two reals.
    """
    if threshold is None:
        if real is None or len(real) < 2:
            raise ValueError("no threshold of duplicates; give one, or two reals or more")
        check_two(features, real)
        distances = nearest(real.rows, real.rows, itself=True).distances
        threshold = float(np.quantile(distances, CLOSE, method="higher"))
    if not len(features):
        raise ValueError("no pictures have no duplicates; give one or more")
    drawn = np.random.default_rng(seed)
    count, (i, j) = _pairs(features.rows[drawn.permutation(len(features))], threshold)
    if not len(i):
        return Support(inf, inf, threshold)
    places = (drawn.permutation(count) for _ in range(TRIALS))
    sizes = [np.maximum(place[i], place[j]).min() + 1 for place in places]
    size = float(np.quantile(sizes, 0.5, method="inverted_cdf"))
    return Support(size**2 / (2 * log(2)), size, threshold)


def _pairs(rows: Rows, threshold: float) -> tuple[int, Pairs]:
    """How many of the first rows were looked at, and the pairs of duplicates among them."""
    count = 64
    while True:
        count = min(count, len(rows))
        pairs = _duplicates(rows[:count], threshold)
        if count == len(rows) or len(pairs[0]) >= ENOUGH:
            return count, pairs
        count *= 2


def _duplicates(rows: Rows, threshold: float) -> Pairs:
    """Both numbers of each pair that lies at most the threshold apart."""
    found = [(np.empty(0, np.intp), np.empty(0, np.intp))]
    for left, right, squares, rounding in squared_distances(rows):
        close = squares <= threshold**2 + rounding
        i, j = np.nonzero(np.triu(close, 1) if left == right else close)
        i, j = i + left.start, j + right.start
        sure = np.sqrt(apart(rows, rows, i, j)) <= threshold
        found.append((i[sure], j[sure]))
    i, j = (np.concatenate(part) for part in zip(*found, strict=True))
    return i, j
