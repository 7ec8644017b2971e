"""Collection: all that is kept of a set of pictures, so that each is looked at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import add
from typing import Any, NamedTuple

from img2img.images import Picture


class Observer(NamedTuple):
    """How pictures become one kind of state."""

    prepare: Callable[[Picture], Any]
    """Of one picture, on its own: it may run in several threads."""
    observe: Callable[[Sequence[Any], int], Any]
    """(what was prepared of some pictures, the first one's number) -> their state, which adds."""


@dataclass(frozen=True, eq=False)
class Collection:
    """States by the name of what they keep; collections of disjoint sets add."""

    count: int = 0
    """Of pictures."""
    states: Mapping[str, Any] = field(default_factory=dict)

    def __add__(self, other: "Collection") -> "Collection":
        if not self.count or not other.count:
            return self if self.count else other
        states = {name: add(state, other.states[name]) for name, state in self.states.items()}
        return Collection(self.count + other.count, states)
