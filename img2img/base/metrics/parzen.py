"""Parzen windows: fakes blurred to a density, and what it says of the reals."""

from collections.abc import Sequence
from math import log, nan, pi, sqrt
from typing import NamedTuple

import numpy as np

from img2img.base.metrics.features import Features, Rows, check_two
from img2img.base.metrics.tiles import Floats, squared_distances

GRID = np.logspace(-2, 0, 17)  # bandwidths to choose from, times the deviation of the pictures
HELD_OUT = 0.1  # of the reals, to choose by


class Likelihood(NamedTuple):
    """The mean log-likelihood of reals, in nats, its standard error, and the kernel's width."""

    mean: float
    error: float
    """nan of one picture."""
    bandwidth: float


def log_likelihood(
    fake: Features, real: Features, *, bandwidth: float | None = None, seed: int = 0
) -> Likelihood:
    """The mean over reals x of log E_y N(x; y, bandwidth^2 I) (Breuleux et al. 2011).

    Unless given, the bandwidth is the likeliest of 17 from 1/100 to 1 of the deviation, in the eyes
    of a tenth of the reals, drawn by the seed, which the mean then leaves out.

    Raises:
        ValueError: a set is empty, dimensions differ, the bandwidth is not above 0, or there are
            too few pictures to choose it by.
    """
    check_two(fake, real, 1 if bandwidth is not None else 2)
    rows = real.rows
    if bandwidth is None:
        order = np.random.default_rng(seed).permutation(len(rows))
        held = max(1, int(HELD_OUT * len(rows)))
        bandwidth = choose(fake.rows, rows[np.sort(order[:held])])
        rows = rows[np.sort(order[held:])]
    (logs,) = log_densities(fake.rows, rows, [bandwidth])
    error = float(logs.std(ddof=1)) / sqrt(len(logs)) if len(logs) > 1 else nan
    return Likelihood(float(logs.mean()), error, bandwidth)


def mass_coverage(
    fake: Features,
    real: Features,
    *,
    level: float = 0.95,
    bandwidth: float | None = None,
    seed: int = 0,
) -> float:
    """The share of reals where the fakes' density is above that of `level` of its own pictures.

    P_data(density > t) with P_fake(density > t) = level (Tolstikhin et al. 2017): level of equal
    distributions. Half of the fakes, drawn by the seed, make the density; t, and the bandwidth
    unless given, are of the other half.

    Raises:
        ValueError: there are fewer than two fakes or no reals, dimensions differ, the bandwidth is
            not above 0, or the level not between 0 and 1.
    """
    check_two(fake, real)
    if len(fake) < 2 or not 0 < level < 1:
        told = f"{len(fake)} fake pictures and a level of {level}"
        raise ValueError(f"{told}; give 2 or more, and a level between 0 and 1")
    order = np.random.default_rng(seed).permutation(len(fake))
    made, other = (fake.rows[np.sort(part)] for part in np.array_split(order, 2))
    width = choose(made, other) if bandwidth is None else bandwidth
    (own,) = log_densities(made, other, [width])
    (logs,) = log_densities(made, real.rows, [width])
    return float((logs > np.quantile(own, 1 - level)).mean())


def choose(centres: Rows, rows: Rows) -> float:
    """The bandwidth of the grid that makes rows (m, d) likeliest.

    Raises:
        ValueError: all pictures are equal.
    """
    gaps = rows.astype(np.float64) - centres.mean(axis=0, dtype=np.float64)
    scale = sqrt((gaps**2).mean())
    if not scale:
        raise ValueError(f"{len(rows)} pictures equal the fakes' mean; give a bandwidth")
    widths = scale * GRID
    return float(widths[log_densities(centres, rows, widths).mean(axis=1).argmax()])


def log_densities(centres: Rows, rows: Rows, bandwidths: Sequence[float] | Floats) -> Floats:
    """(b, m): log E_y N(x; y, h^2 I) over centres y (n, d), of rows x (m, d), for each h of (b,).

    Raises:
        ValueError: a bandwidth is not above 0.
    """
    if not min(bandwidths) > 0:
        raise ValueError(f"a bandwidth of {min(bandwidths)}; give one above 0")
    sums = np.full((len(bandwidths), len(rows)), -np.inf)
    for left, _, squares, _ in squared_distances(rows, centres):
        nearest = squares.min(axis=1)
        squares -= nearest[:, None]
        for total, h in zip(sums, bandwidths, strict=True):
            others = np.exp(squares / (-2 * h**2)).sum(axis=1)
            total[left] = np.logaddexp(total[left], np.log(others) - nearest / (2 * h**2))
    d = rows.shape[1]
    constants = [log(len(centres)) + d / 2 * log(2 * pi * h**2) for h in bandwidths]
    sums -= np.array(constants)[:, None]
    return sums
