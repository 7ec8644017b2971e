"""What a page is made of: figures of the whole, rows of pictures, charts."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Shown = NDArray[np.uint8]  # (H, W, 3), RGB


class Neighbour(NamedTuple):
    """A picture near to an output."""

    name: str
    distance: float
    picture: Shown


class Row(NamedTuple):
    """A couple, or an output that has no target."""

    name: str
    figures: Mapping[str, float]
    """By the names of metrics; nan: undefined."""
    pictures: Mapping[str, Shown]
    """By their titles, in the order in which they are shown."""
    neighbours: Sequence[Neighbour] = ()
    """The nearest of the training pictures, or of the real ones, the nearest first."""


class Figure(NamedTuple):
    """A metric of the whole set."""

    name: str
    value: float
    rises: bool | None
    """Whether higher is better; None: neither is."""
    interval: tuple[float, float] | None
    protocol: Mapping[str, Any]
    notes: str = ""


class Chart(NamedTuple):
    """Curves over one axis, or counts in bins."""

    title: str
    kind: Literal["histogram", "lines"]
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]]
    """name -> x and y: the n + 1 edges of bins and their n counts for a histogram."""
    x_label: str
    y_label: str
    log_x: bool = False
    log_y: bool = False
    marks: Mapping[str, float] = MappingProxyType({})
    """Places on the x axis that are pointed out, by what is written there."""
    worst: Literal["low", "high"] | None = None
    """The end of a histogram that is drawn in a strong colour."""
    note: str = ""
