"""The unbiased estimate of MMD^2 and its error, from what each row's kernels sum to."""

from collections.abc import Callable, Iterator
from math import nan, sqrt
from typing import NamedTuple

import numpy as np

from img2img.base.metrics.features import Rows
from img2img.base.metrics.tiles import Floats, Tile

Kernel = Callable[[Rows, Rows | None], Iterator[Tile]]  # k(x, y) of the pairs of `products`


class Sums(NamedTuple):
    """What every row's kernel sums to, with the others of its set and with the other set."""

    fake: Floats  # (m,)
    real: Floats  # (n,)
    fake_cross: Floats  # (m,)
    real_cross: Floats  # (n,)


def kernel_sums(kernel: Kernel, fake: Rows, real: Rows) -> Sums:
    """Of all pairs of rows (m, d) and (n, d), each tile of them at once."""
    fake_cross, real_cross = np.zeros(len(fake)), np.zeros(len(real))
    for left, right, values, _ in kernel(fake, real):
        fake_cross[left] += values.sum(axis=1)
        real_cross[right] += values.sum(axis=0)
    return Sums(_own(kernel, fake), _own(kernel, real), fake_cross, real_cross)


def _own(kernel: Kernel, rows: Rows) -> Floats:
    """(n,): each row's sum with the others of its set."""
    sums = np.zeros(len(rows))
    for left, right, values, _ in kernel(rows, None):
        if left == right:
            np.fill_diagonal(values, 0)  # no row is paired with itself
        else:
            sums[right] += values.sum(axis=0)
        sums[left] += values.sum(axis=1)
    return sums


def unbiased(sums: Sums) -> float:
    """MMD^2 of m and n >= 2 rows (Gretton et al. 2012, equation 3)."""
    m, n = len(sums.fake), len(sums.real)
    own = sums.fake.sum() / (m * (m - 1)) + sums.real.sum() / (n * (n - 1))
    return float(own - 2 * sums.fake_cross.sum() / (m * n))


def jackknife(sums: Sums) -> float:
    """The standard error, as of any U-statistic of two samples (Arvesen 1969); nan of 2 rows."""
    m, n = len(sums.fake), len(sums.real)
    if min(m, n) < 3:
        return nan
    fakes, reals, cross = sums.fake.sum(), sums.real.sum(), sums.fake_cross.sum()
    without_fake = (fakes - 2 * sums.fake) / ((m - 1) * (m - 2))
    without_fake -= 2 * (cross - sums.fake_cross) / ((m - 1) * n)
    without_real = (reals - 2 * sums.real) / ((n - 1) * (n - 2))
    without_real -= 2 * (cross - sums.real_cross) / (m * (n - 1))
    return sqrt((m - 1) * without_fake.var() + (n - 1) * without_real.var())
