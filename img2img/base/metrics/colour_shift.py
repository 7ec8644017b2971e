"""Colour shift: how far the mean colour of one set lies from that of another."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.lab import lab
from img2img.base.metrics.span import Unit

Floats = NDArray[np.float64]


class Shift(NamedTuple):
    """From the second set to the first, in units of CIE L*a*b*; nan of no picture."""

    distance: float
    """Delta E of 1976; 2.3 is about just noticeable (Mahy et al. 1994)."""
    lightness: float
    """Above 0: the first set is lighter."""
    red: float
    """Along a*; below 0: greener."""
    yellow: float
    """Along b*; below 0: bluer."""


@dataclass(frozen=True, eq=False)
class Colours:
    """The mean colours of some pictures; colours of disjoint sets add.

    Each picture counts once, whatever its size; pixels that are nan are left out, and so is a
    picture without any other.
    """

    count: int = 0
    """Of pictures."""
    total: Floats = field(default_factory=lambda: np.zeros(3))
    """(3,): the sum over pictures of their mean L*, a* and b*."""

    @classmethod
    def of(cls, pictures: Iterable[Unit]) -> "Colours":
        """The state of sRGB or gray pictures (H, W, 3 or 1) on [0, 1], of any sizes.

        Raises:
            ValueError: another number of channels.
        """
        means = [mean for picture in pictures if not np.isnan(mean := _mean(picture)).any()]
        return cls(len(means), np.sum(means, axis=0) if means else np.zeros(3))

    def __add__(self, other: "Colours") -> "Colours":
        return Colours(self.count + other.count, self.total + other.total)

    @property
    def mean(self) -> Floats:
        """(3,): L*, a* and b*; nan of no picture."""
        return self.total / self.count if self.count else np.full(3, np.nan)


def colour_shift(a: Colours, b: Colours) -> Shift:
    """The mean colour of `a` less that of `b`, and its length."""
    parts = a.mean - b.mean
    return Shift(float(np.linalg.norm(parts)), *parts.tolist())


def _mean(picture: Unit) -> Floats:
    """(3,), nan without a pixel."""
    channels = picture.shape[2]
    if channels not in (1, 3):
        raise ValueError(f"a picture of {channels} channels has no colour; give gray or RGB ones")
    seen = picture[~np.isnan(picture).any(axis=2)]
    if not len(seen):
        return np.full(3, np.nan)
    mean: Floats = lab(np.broadcast_to(seen, (len(seen), 3))).mean(axis=0)
    return mean
