"""Mixture: equal Gaussians in the plane, and how much of them samples cover."""

from math import cos, pi, sin
from typing import NamedTuple

import torch
from torch import Tensor

from img2img.base.draws import seeded

NEAR = 3.0  # standard deviations from a mode within which a sample is good


class Mixture(NamedTuple):
    """Round Gaussians of one size, all equally likely."""

    means: Tensor
    """(modes, 2)."""
    std: float

    @property
    def reach(self) -> float:
        """The largest coordinate of a mode."""
        return self.means.abs().max().item()

    def times(self, scale: float) -> "Mixture":
        """The same picture, enlarged."""
        return Mixture(self.means * scale, self.std * scale)

    def sample(self, count: int, *key: object) -> Tensor:
        """Points (count, 2), which follow from `key` alone."""
        draw = seeded("mixture", *key)
        chosen = torch.randint(len(self.means), (count,), generator=draw)
        return self.means[chosen] + self.std * torch.randn(count, 2, generator=draw)


class Coverage(NamedTuple):
    """What samples make of a mixture (Srivastava et al. 2017, section 4.1)."""

    modes: int
    """How many have at least one good sample."""
    good: float
    """The share of samples within 3 standard deviations of the nearest mode."""


def coverage(samples: Tensor, mixture: Mixture) -> Coverage:
    """Of samples (N, 2); the mixture's own are good to 1 - exp(-4.5) = .98889."""
    distance, mode = torch.cdist(samples.double(), mixture.means.double()).min(1)
    good = distance <= NEAR * mixture.std  # false for what is not finite
    return Coverage(int(mode[good].bincount().count_nonzero()), good.double().mean().item())


def ring(modes: int = 8, *, radius: float = 1.0, std: float = 0.05) -> Mixture:
    """Modes at equal angles on a circle."""
    angles = [2 * pi * k / modes for k in range(modes)]
    return Mixture(torch.tensor([[radius * cos(a), radius * sin(a)] for a in angles]), std)


def grid(side: int = 5, *, pitch: float = 2.0, std: float = 0.05) -> Mixture:
    """Modes at the crossings of a square grid around 0: at (-4 + 2i, -4 + 2j)."""
    places = [pitch * (k - (side - 1) / 2) for k in range(side)]
    return Mixture(torch.tensor([[x, y] for x in places for y in places]), std)


MIXTURES = {"ring8": ring(), "grid25": grid()}
