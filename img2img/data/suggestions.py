"""Suggestions: what the values of a domain ask for, as a sentence and the options to give."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from img2img.data.colours import clusters
from img2img.data.nodata import PERCENTS, along_the_border, lone, without
from img2img.data.values import Values, range_of

CLASSES = 64  # the most that is taken for labels
EVEN = 0.5  # of the pixels of a label map this share equals its neighbour, at the least
BLURRED = 0.3  # likewise, after JPEG; photographs stay below
APART = 0.6  # of the pixels of a blurred map, those near its colours, the commonest left out
COLOURFUL = 32  # levels between the channels of a colour that is not gray
NARROW = 0.25  # of the range that the numbers could span: less is little contrast


class Suggestion(NamedTuple):
    """A finding, and what to do about it."""

    finding: str
    options: str
    """For the command line; empty where files must be mended instead."""

    def __str__(self) -> str:
        return f"{self.finding}: {self.options}" if self.options else self.finding


def suggested(values: Values, prefix: str = "--data.input") -> list[Suggestion]:
    """All that the values of a domain ask for; nothing where the defaults are right."""
    found = [*_unusable(values, prefix)]
    labels = _labels(values, prefix)
    if labels:
        return [*found, labels]
    for value, share in along_the_border(values):
        finding = f"{_percent(share)} of the pixels are {value:g} and joined to the border"
        advice = f"{finding}; if nothing was seen there"
        found.append(Suggestion(advice, f"{prefix}.nodata {value:g}"))
    apart = lone(values)
    if apart is not None:
        place, value, share = apart
        finding = f"{_percent(share)} of the values are {value:g}, far from all others"
        found.append(Suggestion(finding, f"{prefix}.nodata {value:g}"))
        values = without(values, place)
    return [*found, *_range(values, prefix)]


def _unusable(values: Values, prefix: str) -> Iterator[Suggestion]:
    of = f"of {values.pictures} pictures"
    if values.empty:
        yield Suggestion(f"{values.empty} {of} hold no finite number; remove them", "")
    if values.constant:
        yield Suggestion(f"{values.constant} {of} have one value throughout; are they meant?", "")
    size = max(1, values.pixels * len(values.counts))
    if values.nan:
        yield Suggestion(f"{_percent(values.nan / size)} of the values are NaN", _nan(prefix))
    if values.infinite:
        share = _percent(values.infinite / size)
        yield Suggestion(f"{share} of the values are infinite; write NaN instead", _nan(prefix))


def _nan(prefix: str) -> str:
    return f"{prefix}.nodata nan"


def _labels(values: Values, prefix: str) -> Suggestion | None:
    """Few values in even areas: class indices from 0 on, or else colours, perhaps blurred."""
    even, colours = values.same / max(1, values.pixels), values.colours
    few, palette = len(colours.values), f"{prefix}.kind labels {prefix}.palette FILE"
    if 2 <= few <= CLASSES and not colours.short and even >= EVEN and values.dtype != "float32":
        classes = int(values.high.max()) + 1
        if len(values.counts) == 1 and classes <= min(CLASSES, 2 * few):
            finding = f"the values are {few} small integers, 0 to {classes - 1}"
            return Suggestion(finding, f"{prefix}.kind labels {prefix}.classes {classes}")
        return Suggestion(f"there are {few} colours; if they are classes", palette)
    found, shares = clusters(values.cells)
    if len(found) < 2 or even < BLURRED or shares[0] >= 0.9:
        return None
    gray = np.ptp(found.astype(int), axis=1) < COLOURFUL
    if gray.mean() > 0.5 or shares[1:].sum() / (1 - shares[0]) < APART:
        return None
    finding = f"{_percent(shares.sum())} of the pixels are near {len(found)} colours, as in a JPEG"
    return Suggestion(f"{finding} of labels; if it is one", palette)


def _range(values: Values, prefix: str) -> Iterator[Suggestion]:
    low, high = range_of(values, *PERCENTS)
    least, most = float(np.fmin.reduce(values.low)), float(np.fmax.reduce(values.high))
    if not least < most:
        return
    full = _full(values.dtype, least, most)
    if full is None or high - low < NARROW * (full[1] - full[0]):
        said = f"{PERCENTS[1] - PERCENTS[0]:.1f} % of the values lie between {low:g} and {high:g}"
        if low < high:
            yield Suggestion(said, f"{prefix}.low {low:g} {prefix}.high {high:g}")
    elif full not in ((0, 1), (0, 255 if values.dtype == "uint8" else 65535)):
        options = f"{prefix}.low {full[0]} " * (full[0] != 0) + f"{prefix}.high {full[1]}"
        yield Suggestion(f"values end at {least:g} and {most:g}", options)


def _full(dtype: str, least: float, most: float) -> tuple[int, int] | None:
    """The usual range that values lie in, if there is one."""
    if dtype != "float32":
        tops = (255,) if dtype == "uint8" else (255, 1023, 4095, 16383, 65535)
        return 0, next(top for top in tops if most <= top)
    usual = ((0, 1), (-1, 1), (0, 255))
    return next((full for full in usual if full[0] <= least and most <= full[1]), None)


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"
