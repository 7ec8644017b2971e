"""Order: which picture stands at which place of an epoch."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from img2img.data.keys import Key, Stream, draws


def order(key: Key, length: int, weights: Sequence[float] = ()) -> NDArray[np.int64]:
    """The indices that the epoch of `key` shows, (length,).

    Without weights each of `length` indices stands there once. With them an index is expected
    length * w_i / sum(w) times, and stands there that often, rounded up or down: systematic
    resampling (Kitagawa 1996), the indices shuffled before it and the places after it.
    """
    return _order(Key(key.seed, key.epoch, 0), length, _Same(weights), Stream.ORDER)


def partner(key: Key, length: int, count: int, weights: Sequence[float] = ()) -> int:
    """Which of `count` pictures stands beside the one at `key`, of an epoch of `length` places.

    Without weights any, at random. With them the picture at this place of an order of its own.
    """
    if not weights:
        return int(np.random.default_rng(draws(key, Stream.PARTNER)).integers(count))
    epoch = Key(key.seed, key.epoch, 0)
    return int(_order(epoch, length, _Same(weights), Stream.PARTNER)[key.position])


class _Same:
    """Weights told apart as objects: hashing 100,000 of them takes a millisecond, each sample."""

    def __init__(self, weights: Sequence[float]) -> None:
        self.weights = weights

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.weights is other.weights

    def __hash__(self) -> int:
        return id(self.weights)


@lru_cache(maxsize=8)
def _order(epoch: Key, length: int, given: _Same, stream: Stream) -> NDArray[np.int64]:
    rng = np.random.default_rng(draws(epoch, stream))
    if not given.weights:
        return rng.permutation(length)
    indices = rng.permutation(len(given.weights))
    upper = np.cumsum(np.asarray(given.weights, np.float64)[indices])
    upper = upper / upper[-1] * length  # in this order exact at the end, zeros there included
    points = np.minimum(np.arange(length) + rng.random(), np.nextafter(length, 0))
    return rng.permutation(indices[np.searchsorted(upper, points, side="right")])
