"""Grid: the checkerboard energy of a set whose pictures may differ in size."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan, nan, sqrt

import torch

from img2img.base.metrics.checkerboard import grid_power
from img2img.base.metrics.span import Unit


@dataclass(frozen=True)
class Grid:
    """The grid power of some pictures; grids of disjoint sets add."""

    count: int = 0
    """Of pictures; those below 32 x 32 pixels or with a pixel that is nan are left out."""
    total: float = 0.0
    """The sum over pictures of `grid_power`, in [-1, 1]."""

    @classmethod
    def of(cls, pictures: Iterable[Unit]) -> "Grid":
        """The state of pictures (H, W, C) on [0, 1], of any sizes."""
        powers = [power for picture in pictures if not isnan(power := _power(picture))]
        return cls(len(powers), sum(powers))

    def __add__(self, other: "Grid") -> "Grid":
        return Grid(self.count + other.count, self.total + other.total)

    @property
    def power(self) -> float:
        """The mean over pictures; nan of none."""
        return self.total / self.count if self.count else nan


def checkerboard_energy(fakes: Grid, reals: Grid) -> float:
    """`checkerboard` of sets: the fakes' grid of 2 or 4 pixels beyond the reals', in [-1, 1].

    nan if either is of no picture.
    """
    return sqrt(max(fakes.power - reals.power, 0.0))  # in this order nan stays nan


def _power(picture: Unit) -> float:
    return grid_power(torch.from_numpy(picture * 2 - 1).permute(2, 0, 1)[None])
