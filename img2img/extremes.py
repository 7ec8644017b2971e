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
from img2img.judging import Report, compared


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
    span, classes = comparison.protocol.span, comparison.classes
    fake, real, mask = compared(pair, comparison.protocol)
    if classes and classes.show:  # numbers of classes are no amounts
        shown = [classes.show(fake), classes.show(real)]
        difference = (classes.label(fake) != classes.label(real))[..., None].astype(np.float64)
    else:
        shown = [_shown(span.unit(fake)), _shown(span.unit(real))]
        difference = np.abs(span.unit(fake) - span.unit(real))
    if mask is not None:
        difference = np.where(mask[..., None], difference, 0)
    return [*shown, _shown(difference)]


def _shown(picture: Unit) -> NDArray[np.uint8]:
    """What lies in [0, 1] as 8 bit, what is no number in black."""
    return np.rint(np.clip(np.nan_to_num(picture), 0, 1) * 255).astype(np.uint8)
