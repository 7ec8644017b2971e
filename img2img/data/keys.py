"""Keys: what the random draws of a sample follow from, whichever worker or process makes it."""

from enum import IntEnum
from typing import NamedTuple

from numpy.random import SeedSequence


class Key(NamedTuple):
    """A sample's place: the `position`-th of its epoch."""

    seed: int
    epoch: int
    position: int


class Stream(IntEnum):
    """What is drawn below a key, each apart from the others; the numbers are part of every run."""

    MOVES = 0
    """Crop, flip and turn of the input, and of its target."""
    MOVES_APART = 1
    """Those of a second picture that is not the input's pair."""
    COLOURS = 2
    ORDER = 3
    """The order of an epoch."""
    PARTNER = 4
    """Which y stands beside an x that has no pair."""
    NOISE = 5
    PLACE = 6
    """At which of its sizes a picture is shown, and where it is cut."""
    TONES = 7
    """Contrast and inversion of both sizes."""
    DEGRADATION = 8
    """What makes the low resolution, where that has chance in it."""


def draws(key: Key, stream: Stream) -> SeedSequence:
    """The source of one stream's draws."""
    return SeedSequence(key, spawn_key=(stream,))
