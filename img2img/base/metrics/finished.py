"""Finished: states that add, with the function of them that is the figure."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import add
from typing import Any


@dataclass(frozen=True, eq=False)
class Finished:
    """A figure of some pictures; figures of disjoint sets add."""

    states: tuple[Any, ...]
    finish: Callable[..., float]

    def __add__(self, other: "Finished") -> "Finished":
        return Finished(tuple(map(add, self.states, other.states)), self.finish)

    @property
    def value(self) -> float:
        """Of all the states."""
        return self.finish(*self.states)
