"""Stopping: a signal is noted, and the run ends after its step, saved."""

import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Any


class StoppedError(RuntimeError):
    """A signal ended the run, after it was saved."""

    def __init__(self, signal_number: int, done: int) -> None:
        super().__init__(f"stopped after step {done}, which is saved; the same command goes on")
        self.signal_number = signal_number


@contextmanager
def stopping() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM note their number for the end of the step; a second one ends at once."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, before[signal.Signals(number)])

    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = {number: signal.signal(number, note) for number in numbers}
    except ValueError:  # not the main thread: signals are another's business
        yield received
        return
    try:
        yield received
    finally:
        for number in numbers:
            signal.signal(number, before[number])


def until(stop: Sequence[int], batches: Iterable[Any]) -> Iterator[Any]:
    """The batches; a signal to the whole process group ends the loader's workers, and these too."""
    try:
        yield from batches
    except RuntimeError:  # torch's, of workers that are gone
        if not stop:
            raise
