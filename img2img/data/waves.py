"""Waves: smooth random functions of the plane, for winding and uneven things."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating[Any]]


class Waves(NamedTuple):
    """The mean of a few sines, -1 to 1."""

    k: Array  # (n, 2), wave vectors in radians per pixel
    phase: Array  # (n,)

    @classmethod
    def draw(
        cls, rng: np.random.Generator, shortest: float, longest: float, count: int = 3
    ) -> Waves:
        """Random ones whose lengths lie between these two, in pixels, in all directions."""
        angle = rng.uniform(0, np.pi) + np.pi / count * np.arange(count)
        direction = np.stack((np.cos(angle), np.sin(angle)), 1)
        k = 2 * np.pi / rng.uniform(shortest, longest, (count, 1)) * direction
        phase = rng.uniform(0, 2 * np.pi, count)
        return cls(k.astype(np.float32), phase.astype(np.float32))

    def at(self, points: Array) -> Array:
        """Values (N,) at points (N, 2)."""
        values: Array = np.sin(points @ self.k.T + self.phase).mean(-1)
        return values

    def over(self, axis: Array) -> Array:
        """Values (H, W) on the square grid of `axis`: sin(a + b) as a product of matrices."""
        a = axis[:, None] * self.k[:, 0] + self.phase
        b = axis[:, None] * self.k[:, 1]
        grid: Array = np.hstack((np.cos(b), np.sin(b))) @ np.hstack((np.sin(a), np.cos(a))).T
        return grid / np.float32(len(self.k))
