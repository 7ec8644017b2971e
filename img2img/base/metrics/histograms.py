"""Histograms: the colours, brightness and contrast of a set, whatever is where in its pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import nan

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.luminance import luminance
from img2img.base.metrics.span import Unit

Floats = NDArray[np.float64]

LEVELS = 64  # bins of a channel's [0, 1]
FINE = 256  # bins of the figures that a picture has one of
GREATEST = 0.5  # standard deviation of values in [0, 1]


@dataclass(frozen=True, eq=False)
class Histograms:
    """How often each level occurs in some pictures; histograms of disjoint sets add.

    Each picture counts once, whatever its size. Values beyond [0, 1] fall into the end bins, and a
    pixel with a channel that is nan is left out; so is a picture without any other.
    """

    count: int = 0
    """Of pictures."""
    colours: Floats = field(default_factory=lambda: np.zeros((0, LEVELS)))
    """(C, 64): the sum over pictures of the share of their pixels; (0, 64) of none."""
    luminances: NDArray[np.int64] = field(default_factory=lambda: np.zeros(FINE, np.int64))
    """(256,): pictures by mean BT.601 luminance, from 0 to 1."""
    contrasts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(FINE, np.int64))
    """(256,): pictures by the standard deviation of their luminance (RMS contrast), 0 to 1/2."""

    @classmethod
    def of(cls, pictures: Iterable[Unit]) -> "Histograms":
        """The state of pictures (H, W, C) on [0, 1], of any sizes.

        Raises:
            ValueError: they differ in channels.
        """
        return sum((_one(picture) for picture in pictures), cls())

    def __add__(self, other: "Histograms") -> "Histograms":
        if not self.count or not other.count:
            return self if self.count else other
        _check(self, other)
        return Histograms(
            self.count + other.count,
            self.colours + other.colours,
            self.luminances + other.luminances,
            self.contrasts + other.contrasts,
        )


def colour_distance(a: Histograms, b: Histograms) -> float:
    """The mean over channels of W1 of their levels, in units of the range; nan of no picture.

    A set brightened by k/64 that stays within its range is k/64 away.

    Raises:
        ValueError: the sets differ in channels.
    """
    if not a.count or not b.count:
        return nan
    _check(a, b)
    return _wasserstein(a.colours, b.colours)


def luminance_distance(a: Histograms, b: Histograms) -> float:
    """W1 of the pictures' mean luminances, in units of the range; nan of no picture."""
    return _wasserstein(a.luminances, b.luminances) if a.count and b.count else nan


def contrast_distance(a: Histograms, b: Histograms) -> float:
    """W1 of the pictures' RMS contrasts, in units of the range; nan of no picture."""
    return GREATEST * _wasserstein(a.contrasts, b.contrasts) if a.count and b.count else nan


def _one(picture: Unit) -> Histograms:
    seen = picture[~np.isnan(picture).any(axis=2)]
    if not seen.size:
        return Histograms()
    bright = luminance(np.clip(seen, 0, 1)[None])
    return Histograms(
        1,
        np.stack([_counts(channel, LEVELS) / len(seen) for channel in seen.T]),
        _counts(bright.mean(keepdims=True), FINE),
        _counts(bright.std(keepdims=True) / GREATEST, FINE),
    )


def _counts(values: Floats, bins: int) -> NDArray[np.int64]:
    """(bins,) of values on [0, 1]: a bin holds its lower edge, the last one its upper too."""
    clipped = np.clip(np.floor(values.ravel() * bins), 0, bins - 1)
    return np.bincount(clipped.astype(int), minlength=bins)


def _wasserstein(a: NDArray[np.number], b: NDArray[np.number]) -> float:
    """W1 = integral of |F_a - F_b| over [0, 1], of histograms (..., bins); their mean."""
    p, q = (np.cumsum(each / each.sum(axis=-1, keepdims=True), axis=-1) for each in (a, b))
    return float(np.abs(p - q).mean())


def _check(a: Histograms, b: Histograms) -> None:
    channels = len(a.colours), len(b.colours)
    if channels[0] != channels[1]:
        kinds = f"{channels[0]} and {channels[1]} channels"
        raise ValueError(f"colours of {kinds} have no common histogram; compare equals")
