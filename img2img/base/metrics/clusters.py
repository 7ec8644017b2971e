"""Clusters of reals as bins: where a set of fakes has too many pictures, or too few."""

import warnings
from math import erfc, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.features import Features, Rows, check_two
from img2img.base.metrics.neighbours import nearest
from img2img.base.metrics.tiles import Floats

FEWEST = 10  # reals in a bin, on average: with fewer the z test is no normal one

Counts = NDArray[np.integer]


class Bins(NamedTuple):
    """Number of statistically different bins, and how far the sets' shares are apart."""

    ndb: int
    share: float
    """ndb over the number of bins; about alpha of equal distributions."""
    jsd: float
    """Jensen-Shannon divergence of the shares of pictures, in nats, 0 to log 2."""
    bins: int
    """How many there were."""


def binned(
    fake: Features, real: Features, *, bins: int = 100, alpha: float = 0.05, seed: int = 0
) -> Bins:
    """NDB (Richardson and Weiss 2018): bins are the cells of k-means of the reals.

    A bin is different if a two-proportion z test says so at level alpha. There is at most a bin
    for every 10 reals, and at least one.

    Raises:
        ValueError: a set is empty, dimensions differ, or there are no bins.
    """
    check_two(fake, real)
    if bins < 1:
        raise ValueError(f"{bins} bins; choose 1 or more")
    centres = _means(real.rows, max(1, min(bins, len(real) // FEWEST)), seed)
    counts = [
        np.bincount(nearest(rows, centres).indices[:, 0], minlength=len(centres))
        for rows in (fake.rows, real.rows)
    ]
    different = int((two_proportions(*counts)[1] < alpha).sum())
    return Bins(different, different / len(centres), jensen_shannon(*counts), len(centres))


def two_proportions(a: Counts, b: Counts) -> tuple[Floats, Floats]:
    """Each bin's z and two-sided p value: its share in a set against its share in another.

    z is 0, and p 1, where both shares are 0 or both 1.

    Args:
        a: The counts of a set (K,).
        b: Those of another (K,).
    """
    m, n = a.sum(), b.sum()
    pooled = (a + b) / (m + n)
    error = np.sqrt(pooled * (1 - pooled) * (1 / m + 1 / n))
    z = np.divide(a / m - b / n, error, out=np.zeros(len(a)), where=error > 0)
    return z, np.array([erfc(abs(value) / sqrt(2)) for value in z])


def jensen_shannon(a: Counts, b: Counts) -> float:
    """JSD in nats, 0 to log 2, of the shares of counts (K,)."""
    p, q = a / a.sum(), b / b.sum()
    middle = (p + q) / 2
    parts = [
        np.sum(share[share > 0] * np.log(share[share > 0] / middle[share > 0])) for share in (p, q)
    ]
    return max(0.0, float(sum(parts) / 2))


def _means(rows: Rows, count: int, seed: int) -> Floats:
    """(count, d): the centres of k-means, begun by k-means++."""
    from scipy.cluster.vq import kmeans2

    values = rows.astype(np.float64, copy=False)
    drawn = np.random.default_rng(seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of empty cells, whose centres stay where they were
        centres: Floats = kmeans2(values, count, iter=20, minit="++", seed=drawn)[0]
    return centres
