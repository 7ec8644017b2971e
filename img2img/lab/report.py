"""Report: what an experiment found, for the terminal, as JSON and as a picture."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Report(NamedTuple):
    """The figures of one experiment."""

    figures: dict[str, Any]
    """For the JSON, by case."""
    columns: list[str]
    rows: list[list[str]]
    """The same for people."""
    draw: Callable[[], bytes]
    """The picture, a PNG, drawn when it is asked for."""
