"""Attempt: a state that is made of pictures which may be refused, with the reason if one was."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
from typing import Any

from img2img.base.metrics.collection import Observer
from img2img.images import Picture


@dataclass(frozen=True, eq=False)
class Attempt:
    """The state of a set, or why there is none; those of disjoint sets add."""

    state: Any = None
    refusal: str | None = None

    def __add__(self, other: "Attempt") -> "Attempt":
        refusal = self.refusal or other.refusal
        if refusal is not None:
            return Attempt(refusal=refusal)
        try:
            return Attempt(add(self.state, other.state))
        except ValueError as error:  # such as of unequal channels
            return Attempt(refusal=str(error))


def attempted(observer: Observer) -> Observer:
    """The observer whose states are attempts: a ValueError of its own ends nothing."""

    def prepare(picture: Picture) -> Any:
        try:
            return observer.prepare(picture)
        except ValueError as error:
            return Attempt(refusal=str(error))

    def observe(prepared: Sequence[Any], first: int) -> Attempt:
        refused = [each for each in prepared if isinstance(each, Attempt)]
        try:
            return refused[0] if refused else Attempt(observer.observe(prepared, first))
        except ValueError as error:
            return Attempt(refusal=str(error))

    return Observer(prepare, observe)
