"""Growth: which level, and which pictures, a step of progressive growing has."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

Counts = int | tuple[int, ...]
"""One for all resolutions, or one for each, the last for all beyond."""


def several(counts: Counts) -> tuple[int, ...]:
    """As many as there are."""
    return (counts,) if isinstance(counts, int) else counts


def nth(counts: Counts, index: int) -> int:
    """That of one resolution."""
    return several(counts)[: index + 1][-1]


def levels(size: int) -> int:
    """How often 4 pixels are doubled to reach `size`.

    Raises:
        ValueError: the size is not a power of two of at least 4.
    """
    if size < 4 or size & (size - 1):
        raise ValueError(f"what grows draws squares of 4, 8, 16, ... pixels, not {size}")
    return size.bit_length() - 3


def side(level: float) -> int:
    """Of the pictures at a level, in pixels: while a resolution fades in, its own."""
    return int(4 * 2 ** ceil(level))


class Phase(NamedTuple):
    """A resolution fades in, or is held; from its first step and its first picture on."""

    level: int
    fades: bool
    batch: int
    images: int
    """How many it lasts; it ends with the step that shows the last of them."""
    step: int
    image: int

    @property
    def steps(self) -> int:
        """How many it takes."""
        return -(-self.images // self.batch)


@dataclass(frozen=True, kw_only=True)
class Growth:
    """4x4 held; then each doubled resolution faded in and held (Karras et al. 2018, appendix A).

    All that it says is a function of the step alone, so that a run resumes in the middle of a
    fade. Beyond `steps` everything stays as it is at the end.

    Raises:
        ValueError: the size is not a power of two of at least 4, or a count is below 1.
    """

    size: int
    """Of the full pictures, in pixels."""
    batch_size: int
    fade: Counts = 800_000
    """Pictures shown while 8, 16, ... pixels fade in, the last for all beyond."""
    stable: Counts = 800_000
    """Pictures shown at 4, 8, ... pixels before the next fades in, likewise."""
    batches: tuple[int, ...] = ()
    """Batch sizes at 4, 8, 16, ... pixels, the last for all beyond; `batch_size` unless given."""

    def __post_init__(self) -> None:
        levels(self.size)
        counts = (*self.batches, *several(self.fade), *several(self.stable))
        if min(self.batch_size, *counts) < 1:
            raise ValueError(f"pictures and batches of growth are counts from 1 on, not {self}")

    def phases(self) -> Iterator[Phase]:
        """In their order; the last goes on for ever."""
        phase = Phase(0, False, self._batch_size(0), nth(self.stable, 0), 0, 0)
        yield phase
        for level in range(1, levels(self.size) + 1):
            shown = (True, nth(self.fade, level - 1)), (False, nth(self.stable, level))
            for fades, images in shown:
                step, image = phase.step + phase.steps, phase.image + phase.steps * phase.batch
                phase = Phase(level, fades, self._batch_size(level), images, step, image)
                yield phase

    def _batch_size(self, level: int) -> int:
        return nth(self.batches or self.batch_size, level)

    def phase(self, step: int) -> Phase:
        """The one that a step, from 0, belongs to."""
        *_, last = (phase for phase in self.phases() if phase.step <= step)
        return last

    def level(self, step: int) -> float:
        """0 at 4x4, 1 at 8x8, ...; k - 1 + alpha while k fades in, alpha the share shown of it.

        A fade begins with alpha = 0, at the level before.
        """
        phase = self.phase(step)
        if not phase.fades:
            return float(phase.level)
        return phase.level - 1 + (step - phase.step) * phase.batch / phase.images

    def resolution(self, step: int) -> int:
        """Side of the pictures that a step shows, in pixels."""
        return side(self.level(step))

    def batch(self, step: int) -> range:
        """The pictures that a step shows, counted from the first of the run.

        In a fade as many as the resolution that fades in can take, from its first step on.
        """
        phase = self.phase(step)
        first = phase.image + (step - phase.step) * phase.batch
        return range(first, first + phase.batch)

    @property
    def steps(self) -> int:
        """Until the full resolution has been held."""
        *_, last = self.phases()
        return last.step + last.steps

    @property
    def images(self) -> int:
        """How many pictures those steps show."""
        return self.batch(self.steps).start

    @property
    def doubles(self) -> list[int]:
        """The steps at which a resolution begins to fade in."""
        return [phase.step for phase in self.phases() if phase.fades]
