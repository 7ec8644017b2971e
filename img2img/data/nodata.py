"""Nodata: values that stand for "nothing was seen here"."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from img2img.data.values import Values, range_of

RARE = 0.001  # the share of pixels from which a lone value is no accident
EDGE = 0.02  # the share of pixels joined to the border from which they are more than a frame
PERCENTS = 0.1, 99.9  # between which the bulk of the values lies


def lone(values: Values) -> tuple[int, float, float] | None:
    """(bin, value, share) of the least or greatest value, if it is common and far from all others.

    Far is farther than the others are from one another. The share is of the finite values.
    """
    bins = np.flatnonzero(values.counts.sum(axis=0))
    if len(bins) < 3:
        return None
    for place, value in ((bins[0], values.low.min()), (bins[-1], values.high.max())):
        rest = without(values, int(place))
        low, high = range_of(rest, *PERCENTS)
        gap = max(rest.low.min() - value, value - rest.high.max())
        share = values.counts[:, place].sum() / values.counts.sum()
        if share >= RARE and gap > high - low:
            return int(place), float(value), float(share)
    return None


def without(values: Values, place: int) -> Values:
    """The values outside of a bin, in the ranges and percentiles alone."""
    counts = values.counts.copy()
    counts[:, place] = 0
    rest = replace(values, counts=counts)
    return replace(rest, low=rest.percentile(0), high=rest.percentile(100))


def along_the_border(values: Values) -> Iterator[tuple[float, float]]:
    """(value, share) of much black, white or zero that touches the border: turned pictures, scans.

    The share is of all pixels, those alone that run straight in from the border.
    """
    if values.constant == values.pictures:
        return
    for colour, count in zip(values.border.values, values.border.counts, strict=True):
        extreme = colour[0] in (0, values.low.min(), values.high.max())
        if np.ptp(colour) == 0 and extreme and count >= EDGE * values.pixels:
            yield float(colour[0]), float(count / values.pixels)
