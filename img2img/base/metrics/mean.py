"""The mean over pictures: the state of every metric that judges one picture at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, nan


@dataclass(frozen=True)
class Mean:
    """How many values there were, and their sum; means of disjoint sets add."""

    count: int = 0
    total: float = 0.0

    @classmethod
    def of(cls, values: Iterable[float]) -> "Mean":
        """The state of these values."""
        listed = list(values)
        return cls(len(listed), fsum(listed))

    def __add__(self, other: "Mean") -> "Mean":
        return Mean(self.count + other.count, self.total + other.total)

    @property
    def value(self) -> float:
        """The mean; nan of nothing."""
        return self.total / self.count if self.count else nan
