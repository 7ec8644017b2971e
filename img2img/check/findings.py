"""Findings: what a look at a data set said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Side = Literal["A", "B"]
Level = Literal["fault", "warning", "hint"]
LEVELS: tuple[Level, ...] = ("hint", "warning", "fault")  # the gravest is read last
SIDES: tuple[Side, Side] = ("A", "B")


class Place(NamedTuple):
    """Where a picture stands."""

    split: str
    side: Side
    index: int  # type: ignore[assignment]  # hides tuple.index


class Evidence(NamedTuple):
    """Pictures that show a finding, beside each other."""

    places: tuple[Place, ...]
    note: str
    overlaid: bool = False
    """Whether the edges of the two are to be laid over each other."""


class Finding(NamedTuple):
    """A sentence about the data, and its pictures."""

    level: Level
    """Faults must be mended; warnings are to be looked at; hints are options to consider."""
    sentence: str
    evidence: tuple[Evidence, ...] = ()

    def __str__(self) -> str:
        return f"{self.level}: {self.sentence}"


class Findings(NamedTuple):
    """What a data set is, and all that was found."""

    kind: str
    """What was understood, in a line."""
    facts: list[str]
    """Counts, sizes, kinds, values and encodings, in lines to be printed."""
    findings: list[Finding]

    @property
    def faults(self) -> list[str]:
        """What must be mended before a training."""
        return [it.sentence for it in self.findings if it.level == "fault"]


def evident(places: Iterable[tuple[tuple[Place, ...], str]], most: int = 4) -> tuple[Evidence, ...]:
    """The first few as evidence, each with its note."""
    return tuple(Evidence(place, note) for place, note in list(places)[:most])
