"""Interval: how far a mean over pictures would move had other such pictures been measured."""

from collections.abc import Callable, Iterator, Sequence
from math import nan

import numpy as np
from numpy.typing import ArrayLike, NDArray

from img2img.base.metrics.confusion import Confusion, Margins

SHARE = 0.95
MOST = 1 << 22  # numbers of a block of draws
SEED, RESAMPLES = 0, 1000
TOLD = f"95 % bootstrap, {RESAMPLES} resamples of pictures, seed {SEED}"


def interval(
    values: ArrayLike, *, seed: int = SEED, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """The percentile bootstrap interval of the mean of values, one for each picture.

    Between the 2.5th and the 97.5th percentile of the means of `resamples` draws of as many
    pictures, with replacement (Efron 1979). What is nan is left out; an infinite value makes every
    mean that it is drawn for infinite. The order of the values plays no part.

    Returns:
        Its ends; (nan, nan) of fewer than 2 values.
    """
    known = np.asarray(values, np.float64)
    known = np.sort(known[~np.isnan(known)])
    finite = np.isfinite(known)
    usual, beyond = np.where(finite, known, 0), np.where(finite, 0, np.sign(known))

    def means(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        endless = weights @ beyond
        return np.where(endless == 0, weights @ usual / len(known), np.copysign(np.inf, endless))

    return _ends(len(known), means, seed, resamples)


def interval_of_confusions(
    confusions: Sequence[Confusion],
    finish: Callable[[Margins], NDArray[np.float64]],
    *,
    seed: int = SEED,
    resamples: int = RESAMPLES,
) -> tuple[float, float]:
    """That of what `finish` makes of the sum of the pictures' confusions; as `interval`.

    Pictures without a pixel that counts are left out.
    """
    each = np.stack([np.concatenate(confusion.margins) for confusion in confusions])
    each = each[each.any(axis=1)]
    each = each[np.lexsort(each.T)].astype(np.float64)

    def figures(weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return finish(Margins(*np.split(weights @ each, 3, axis=1)))

    return _ends(len(each), figures, seed, resamples)


def _ends(
    count: int,
    finish: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    seed: int,
    resamples: int,
) -> tuple[float, float]:
    if count < 2:
        return nan, nan
    found = np.concatenate([finish(weights) for weights in _draws(count, seed, resamples)])
    found = found[~np.isnan(found)]  # a draw of pictures whose classes are all ignored
    if not found.size:
        return nan, nan
    # one of the figures, since nothing lies between a number and infinity
    tail = (1 - SHARE) / 2
    low, high = np.quantile(found, [tail, 1 - tail], method="inverted_cdf")
    return float(low), float(high)


def _draws(count: int, seed: int, resamples: int) -> Iterator[NDArray[np.float64]]:
    """How often each of `count` pictures is drawn: blocks (b, count) of `resamples` rows."""
    generator = np.random.default_rng(seed)
    block = max(1, MOST // count)
    for first in range(0, resamples, block):
        rows = min(block, resamples - first)
        drawn = generator.integers(0, count, (rows, count)) + np.arange(rows)[:, None] * count
        weights = np.bincount(drawn.ravel(), minlength=rows * count).reshape(rows, count)
        yield weights.astype(np.float64)
