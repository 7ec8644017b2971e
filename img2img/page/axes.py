"""Axes of charts: places of numbers in a drawing, and its frame."""

from collections.abc import Iterable
from math import log10
from typing import NamedTuple

from img2img.page.markup import Markup, joined, tag
from img2img.page.numbers import EXTREME, decades, drawable, equal, ticks, written


class Axis(NamedTuple):
    """Numbers from `low` to `high`, low < high, at the places `start` to `end` of a drawing."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False
    whole: bool = False
    """Its numbers are counts."""

    def at(self, value: float) -> float:
        """The place of a number that the axis has."""
        low, high = (log10(self.low), log10(self.high)) if self.log else (self.low, self.high)
        value = log10(value) if self.log else value
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def has(self, value: float) -> bool:
        """Whether it can be drawn."""
        return self.low <= value <= self.high

    @property
    def ticks(self) -> list[float]:
        """Round numbers."""
        found = decades(self.low, self.high) if self.log else ticks(self.low, self.high)
        return [it for it in found if self.has(it) and (it.is_integer() or not self.whole)]


def axis(values: Iterable[float], start: float, end: float, *, log: bool = False) -> Axis | None:
    """An axis that holds all that are finite, and positive if it is logarithmic; None of none."""
    drawn = [it for it in values if drawable(it) and (it >= 1 / EXTREME or not log)]
    if not drawn:
        return None
    low, high = min(drawn), max(drawn)
    if equal(low, high):  # a single number stands in the middle
        away = abs(low) / 2 if abs(low) >= 1 / EXTREME else 0.5
        low, high = low - away, high + away
    return Axis(low, high, start, end, log)


def frame(x: Axis, y: Axis, x_label: str, y_label: str) -> Markup:
    """Lines of the grid with their numbers, and what the axes are."""
    across = [
        joined(
            tag("line", x1=f"{x.start}", x2=f"{x.end}", y1=place, y2=place),
            tag("text", written(tick), x=x.start - 5, y=place, dy="0.32em", text_anchor="end"),
        )
        for tick in y.ticks
        for place in [f"{y.at(tick):.1f}"]
    ]
    below = [
        tag("text", written(tick), x=f"{x.at(tick):.1f}", y=y.start + 14, text_anchor="middle")
        for tick in x.ticks
    ]
    names = [
        tag("text", x_label, x=x.end, y=y.start + 28, text_anchor="end", class_="axis"),
        tag("text", y_label, x=0, y=y.end - 8, class_="axis"),
    ]
    return tag("g", *across, *below, *names, class_="frame")
