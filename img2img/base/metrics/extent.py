"""Extent: how far the values of pictures reach, which tells a range that was not meant."""

from dataclasses import dataclass
from math import inf

import numpy as np

from img2img.base.metrics.span import Mask, Unit

STRAY = 0.01  # of values may lie outside the range without a word
SMALL = 1 / 8  # of a range that is made use of: 12 bits in 16 take 1/16


@dataclass(frozen=True)
class Extent:
    """Of some pictures, their range scaled to [0, 1]; extents of disjoint sets add."""

    highest: float = -inf
    outside: int = 0
    """Values below 0 or above 1."""
    count: int = 0

    @classmethod
    def of(cls, picture: Unit, mask: Mask | None = None) -> "Extent":
        """The state of a picture's values that count and are finite."""
        values = picture if mask is None else picture[mask]
        values = values[np.isfinite(values)]
        outside = int(np.count_nonzero((values < 0) | (values > 1)))
        return cls(float(values.max(initial=-inf)), outside, values.size)

    def __add__(self, other: "Extent") -> "Extent":
        highest = max(self.highest, other.highest)
        return Extent(highest, self.outside + other.outside, self.count + other.count)


def doubt(extent: Extent, dtype: str) -> str | None:
    """What makes the range of these real pictures doubtful, in a sentence.

    8 bits are seldom a part of more, and dark pictures are no mistake.
    """
    if not extent.count or dtype == "uint8":
        return None
    if extent.outside > STRAY * extent.count:
        share = extent.outside / extent.count
        return (
            f"{share:.0%} of the real pictures' values lie outside the range that counts as 0 to 1;"
            " give --range LOW HIGH, or --nodata V if they are no data"
        )
    if extent.highest < SMALL and np.dtype(dtype).kind != "f":
        return (
            f"no value of the real pictures is above {extent.highest:.3g} of the range of {dtype};"
            " if that is all they can hold, give --range LOW HIGH, which psnr depends on"
        )
    return None
