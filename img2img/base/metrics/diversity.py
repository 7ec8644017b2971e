"""Diversity: how far the pictures of one set are from each other, on the mean over pairs."""

from collections.abc import Callable, Iterable, Sequence
from math import isqrt

import numpy as np

from img2img.base.metrics.mean import Mean

Pair = tuple[int, int]


def pairs(count: int, limit: int = 1000, seed: int = 0) -> list[Pair]:
    """Pairs (i, j), i < j, of `count` pictures: all, or `limit` of them drawn without repeats.

    Raises:
        ValueError: `limit` is below 1.
    """
    if limit < 1:
        raise ValueError(f"{limit} pairs tell nothing; allow 1 or more")
    total = count * (count - 1) // 2
    if total <= limit:
        return [_pair(number) for number in range(total)]
    drawn = np.random.default_rng(seed).choice(total, limit, replace=False)
    return [_pair(int(number)) for number in np.sort(drawn)]


def mean_pairwise(
    count: int,
    distance: Callable[[Sequence[Pair]], Iterable[float]],
    *,
    limit: int = 1000,
    seed: int = 0,
) -> Mean:
    """The distances of `pairs`; their mean is nan of fewer than two pictures.

    `distance` gives one number for each pair, in order.

    Raises:
        ValueError: it gives another number of them.
    """
    chosen = pairs(count, limit, seed)
    mean = Mean.of(distance(chosen))
    if mean.count != len(chosen):
        raise ValueError(f"{mean.count} distances of {len(chosen)} pairs; give one for each")
    return mean


def _pair(number: int) -> Pair:
    """The pairs in the order (0, 1), (0, 2), (1, 2), (0, 3), ...: j (j - 1) / 2 precede (0, j)."""
    j = (1 + isqrt(1 + 8 * number)) // 2
    return number - j * (j - 1) // 2, j
