"""Standing: where the figures of a picture lie among those of all pictures."""

from collections.abc import Sequence
from math import isnan
from typing import NamedTuple

from img2img.page.numbers import drawable


class Standing(NamedTuple):
    """The figures by one metric."""

    low: float
    """The smallest that is finite."""
    high: float
    """The largest that is finite."""
    rises: bool | None
    """Whether higher is better; None: neither is, and the largest comes first."""
    worst: float | None = None
    """It may be infinite; None where neither end is the worse, or all are equal."""

    def share(self, value: float) -> float | None:
        """0 at the best figure, 1 at the worst; None where there is no telling."""
        if isnan(value) or (drawable(value) and not self.low < self.high):
            return None
        if not drawable(value):
            return float((value > 0) != bool(self.rises))
        along = (value - self.low) / (self.high - self.low)
        return 1 - along if self.rises else along


def standing(values: Sequence[float], rises: bool | None) -> Standing:
    """Of figures, some of which may be infinite or undefined."""
    finite = [value for value in values if drawable(value)]
    ends = min(finite, default=0.0), max(finite, default=0.0)
    defined = {value for value in values if not isnan(value)}
    if rises is None or len(defined) < 2:
        return Standing(*ends, rises)
    return Standing(*ends, rises, min(defined) if rises else max(defined))


def worst_first(values: Sequence[float], rises: bool | None) -> list[int]:
    """The places of figures, the worst first, equals as they came, undefined ones last."""
    sign = 1 if rises else -1
    return sorted(
        range(len(values)),
        key=lambda i: (isnan(values[i]), 0 if isnan(values[i]) else sign * values[i]),
    )
