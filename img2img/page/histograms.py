"""Histograms of the pictures' figures."""

from collections.abc import Sequence
from math import ceil, isnan, sqrt

import numpy as np

from img2img.page.numbers import drawable, equal, written
from img2img.page.parts import Chart

BINS = 5, 30  # at the least, at the most; between them the root of the count


def histogram(name: str, values: Sequence[float], rises: bool | None) -> Chart:
    """How many pictures have which figure, the median marked, the worst end strong."""
    finite = np.array([value for value in values if drawable(value)], np.float64)
    undefined = sum(map(isnan, values))
    left_out = {"infinite": len(values) - len(finite) - undefined, "undefined": undefined}
    said = " and ".join(f"{count} {kind}" for kind, count in left_out.items() if count)
    marks = {}
    if len(finite):
        middle = float(np.median(finite))
        marks = {f"median {written(middle)}": middle}
    series = {name: binned(finite)} if len(finite) else {}
    drawn = Chart(name, "histogram", series, name, "pictures", marks=marks)
    if rises is not None and len(finite) and not equal(finite.min(), finite.max()):
        drawn = drawn._replace(worst="low" if rises else "high")
    return drawn._replace(note=f"not drawn: {said}") if said else drawn


def binned(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[list[float], list[float]]:
    """Edges of bins and counts; a single bin where all values are one."""
    low, high = float(values.min()), float(values.max())
    if equal(low, high):
        away = abs(low) / 20 or 0.05
        return [low - away, high + away], [float(len(values))]
    fewest, most = BINS
    bins = min(max(fewest, ceil(sqrt(len(values)))), most)
    counts, edges = np.histogram(values, bins)
    return edges.tolist(), counts.astype(float).tolist()
