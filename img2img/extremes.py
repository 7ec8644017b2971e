"""extremes: a sheet of the couples that one metric likes the least and the best."""

from collections.abc import Sequence
from math import isnan

import numpy as np
from numpy.typing import NDArray

from img2img import images
from img2img.base.metrics.comparison import Comparison
from img2img.base.metrics.span import Unit
from img2img.couples import Couple
from img2img.images import Picture
from img2img.judging import Compared, Report, compared

Shown = NDArray[np.uint8]  # (H, W, C)


def extremes(
    pairs: Sequence[Couple], report: Report, comparison: Comparison, count: int = 4
) -> NDArray[np.uint8]:
    """The worst and the best by the first metric: fake, real and, where it counts, the difference.

    Raises:
        ValueError: no couple has a figure of that metric.
    """
    name, metric = next(iter(comparison.metrics.items()))
    values = [row[name] for row in report.rows]
    defined = [i for i, value in enumerate(values) if not isnan(value)]
    if not defined:
        raise ValueError(f"no picture has a figure of {name}, which ranks the sheet; name another")
    ranked = sorted(defined, key=lambda i: values[i], reverse=not metric.rises)
    worst, best = ranked[:count], ranked[count:][-count:][::-1]
    chosen = [("worst", i) for i in worst] + [("best", i) for i in best]
    rows = [_row(pairs[i], comparison) for _, i in chosen]
    notes = [f"{kind}: {name} {values[i]:.4g}  {pairs[i].name}" for kind, i in chosen]
    return images.grid(rows, ["fake", "real", "difference"], notes)


def _row(pair: Couple, comparison: Comparison) -> list[Picture]:
    sides = compared(pair, comparison.protocol)
    return [*eyed(sides, comparison), difference(sides, comparison)]


def eyed(sides: Compared, comparison: Comparison) -> tuple[Shown, Shown]:
    """Both pictures for the eye, of 8 bit: scaled by their range, or coloured by class."""
    span, classes = comparison.protocol.span, comparison.classes
    if not classes or not classes.show:
        return visible(span.unit(sides.fake)), visible(span.unit(sides.real))
    # numbers of classes are no amounts; what a segmenter is to label is a photo
    fake = visible(span.unit(sides.fake)) if classes.segmenter else classes.show(sides.fake)
    return fake, classes.show(sides.real)


def difference(sides: Compared, comparison: Comparison, *, gain: float = 1) -> Shown:
    """How far they are apart, `gain` times, black where equal or where nothing counts."""
    span, classes = comparison.protocol.span, comparison.classes
    if classes and (classes.show or classes.segmenter):
        found = (classes.of_fake(sides.fake) != classes.label(sides.real))[..., None]
        apart = found.astype(np.float64)
    else:
        apart = gain * np.abs(span.unit(sides.fake) - span.unit(sides.real))
    if sides.mask is not None:
        apart = np.where(sides.mask[..., None], apart, 0)
    return visible(apart)


def visible(picture: Unit) -> Shown:
    """What lies in [0, 1] as 8 bit, what is no number in black."""
    return np.rint(np.clip(np.nan_to_num(picture), 0, 1) * 255).astype(np.uint8)
