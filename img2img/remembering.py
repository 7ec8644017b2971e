"""Remembering: pictures that are dear to make are made once, as far as memory allows."""

from collections.abc import Callable
from threading import Lock

from img2img.images import Picture

LIMIT = 2**30  # bytes


class Memory:
    """Keeps what it made until its limit is reached; from then on pictures are made anew.

    One at a time: a generator's noise depends on what is drawn beside it.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.left, self.lock = limit, Lock()

    def __call__(self, make: Callable[[], Picture]) -> Callable[[], Picture]:
        """The same picture, which must not be changed."""
        kept: list[Picture] = []

        def remembered() -> Picture:
            with self.lock:
                if kept:
                    return kept[0]
                made = make()
                if made.nbytes <= self.left:
                    self.left -= made.nbytes
                    kept.append(made)
                return made

        return remembered
