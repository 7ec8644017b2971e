"""Maximum mean discrepancy: how far the mean embeddings of two sets of features are apart."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from img2img.base.metrics.discrepancy import jackknife, kernel_sums, unbiased
from img2img.base.metrics.features import Features, Rows, check_two
from img2img.base.metrics.tiles import Tile, products, squared_distances


class Kid(NamedTuple):
    """Kernel inception distance: an unbiased estimate, which may fall below 0."""

    value: float
    error: float


def kid(
    fake: Features,
    real: Features,
    *,
    subsets: int | None = None,
    size: int = 1000,
    seed: int = 0,
) -> Kid:
    """MMD^2 of the kernel (<x, y> / d + 1)^3, unbiased (Binkowski et al. 2018).

    By default of all pairs, `error` its standard error by the jackknife, which leaves out one
    picture after another; it is some 1.4 times too large where the sets do not differ, and nan of
    two pictures. With `subsets`, the published protocol: the mean over so many draws of `size`
    pictures of each set. Then `error` is the deviation over draws, as is published: draws overlap,
    so that it is no standard error.

    Raises:
        ValueError: a set has fewer than two pictures, or fewer than `size`; or dimensions differ.
    """
    check_two(fake, real, 2)
    if subsets is None:
        sums = kernel_sums(_cubic, fake.rows, real.rows)
        return Kid(unbiased(sums), jackknife(sums))
    if subsets < 1 or not 2 <= size <= min(len(fake), len(real)):
        sets = f"{subsets} subsets of {size} of {len(fake)} fake and {len(real)} real pictures"
        raise ValueError(f"{sets} cannot be drawn; choose a smaller size, 2 or more, or all pairs")
    drawn = np.random.default_rng(seed)
    values = []
    for _ in range(subsets):
        y, x = (rows[drawn.choice(len(rows), size, False)] for rows in (fake.rows, real.rows))
        values.append(unbiased(kernel_sums(_cubic, y, x)))
    return Kid(float(np.mean(values)), float(np.std(values)))


def mmd_rbf(
    fake: Features, real: Features, *, bandwidth: float | None = None, seed: int = 0
) -> float:
    """MMD^2 of the kernel exp(-|x - y|^2 / (2 bandwidth^2)), unbiased (Gretton et al. 2012, (3)).

    The bandwidth is, unless given, the median distance between unequal reals among at most 1,000 of
    them, drawn by the seed, so that different fakes are judged by one kernel; 1 where all are
    equal.

    Raises:
        ValueError: a set has fewer than two pictures, dimensions differ, or the bandwidth is not
            above 0.
    """
    check_two(fake, real, 2)
    width = _median(real.rows, seed) if bandwidth is None else bandwidth
    if not width > 0:
        raise ValueError(f"a bandwidth of {width}; give one above 0")

    def gaussian(a: Rows, b: Rows | None) -> Iterator[Tile]:
        for tile in squared_distances(a, b):
            yield tile._replace(values=np.exp(tile.values / (-2 * width**2)))

    return unbiased(kernel_sums(gaussian, fake.rows, real.rows))


def _cubic(a: Rows, b: Rows | None) -> Iterator[Tile]:
    """(<x, y> / d + 1)^3, the kernel of KID."""
    for tile in products(a, b):
        values = tile.values
        values /= a.shape[1]
        values += 1
        values *= values * values
        yield tile


def _median(rows: Rows, seed: int) -> float:
    """The median distance of some pairs, each counted once."""
    some = np.random.default_rng(seed).permutation(len(rows))[:1000]
    found = []
    for left, right, values, rounding in squared_distances(rows[some]):
        once = np.triu(values, 1) if left == right else values
        found.append(once[once > rounding])
    squares = np.concatenate(found)
    return float(np.sqrt(np.median(squares))) if squares.size else 1.0
