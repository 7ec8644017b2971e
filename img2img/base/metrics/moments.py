"""Moments: how many features a set has, their mean and their spread, of which FID is made."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BLOCK = 4096  # features whose copies in float64 are in memory at once


@dataclass(frozen=True, eq=False)
class Moments:
    """The state of some features; moments of disjoint sets add.

    n features span n - 1 dimensions about their mean. As long as these are fewer than theirs, d, so
    many rows are kept, exactly; then the dense (d, d).
    """

    count: int | None
    """None: unknown, as of another's file; such moments do not add."""
    mean: Floats
    """(d,)"""
    spread: Floats
    """R (n - 1, d) with the scatter R^T R, or the scatter itself (d, d), the sum over features of
    (x - mean) (x - mean)^T; of unknown counts the covariance."""

    @classmethod
    def of(cls, features: ArrayLike) -> "Moments":
        """The state of features (n, d), one in each row, in float64.

        Raises:
            ValueError: they are none, of another shape, or not all finite.
        """
        rows: NDArray[Any] = np.asarray(features)
        if rows.ndim != 2 or not rows.size:
            raise ValueError(f"features are (n, d), one or more of them, not {rows.shape}")
        mean = rows.mean(axis=0, dtype=np.float64)
        if not np.isfinite(mean).all():
            raise ValueError(f"some of {len(rows)} features are not finite; leave them out")
        count, d = rows.shape
        if count > d:
            blocks = (rows[i : i + BLOCK] - mean for i in range(0, count, BLOCK))
            return cls(count, mean, sum((x.T @ x for x in blocks), np.zeros((d, d))))
        centred = rows - mean
        # sum_i c_i = 0, so c_0 can be shared out among the others, and their Gram is the scatter
        return cls(count, mean, centred[1:] - centred[0] / (1 + np.sqrt(count)))

    def __add__(self, other: "Moments") -> "Moments":
        """Chan, Golub and LeVeque 1979, equation 2.1.

        Raises:
            ValueError: they are of unequal dimensions, or a count is unknown.
        """
        check(self, other)
        if self.count is None or other.count is None:
            raise ValueError("moments of unknown count do not add; save them with their count")
        count = self.count + other.count
        shift = other.mean - self.mean
        mean = self.mean + shift * (other.count / count)
        between = shift[None] * np.sqrt(self.count * other.count / count)
        factored = all(len(each.spread) < mean.size for each in (self, other))
        if count > mean.size or not factored:  # those of a file are dense, however few
            return Moments(count, mean, self.scatter + other.scatter + between.T @ between)
        return Moments(count, mean, np.concatenate([self.spread, other.spread, between]))

    @property
    def rows(self) -> Floats | None:
        """R (n - 1, d), with covariance R^T R; None of what is kept dense."""
        if len(self.spread) == self.mean.size:
            return None
        rows: Floats = self.spread / np.sqrt(self._freedom())
        return rows

    @property
    def scatter(self) -> Floats:
        """(d, d)

        Raises:
            ValueError: the count is unknown.
        """
        if self.count is None:
            raise ValueError("moments of unknown count have no scatter; take their covariance")
        return self._dense()

    @property
    def covariance(self) -> Floats:
        """(d, d), unbiased.

        Raises:
            ValueError: there are fewer than two features.
        """
        covariance: Floats = self._dense() / self._freedom()
        return covariance

    @property
    def variance(self) -> float:
        """The trace of the covariance.

        Raises:
            ValueError: there are fewer than two features.
        """
        factored = len(self.spread) < self.mean.size
        total = np.vdot(self.spread, self.spread) if factored else np.trace(self.spread)
        return float(total) / self._freedom()

    def _dense(self) -> Floats:
        factored = len(self.spread) < self.mean.size
        dense: Floats = self.spread.T @ self.spread if factored else self.spread
        return dense

    def _freedom(self) -> int:
        if self.count is None:
            return 1
        if self.count < 2:
            raise ValueError(f"{self.count} feature has no covariance; give two or more")
        return self.count - 1


def check(a: Moments, b: Moments) -> None:
    """Raises ValueError unless both are of features of one length."""
    if a.mean.shape != b.mean.shape:
        sizes = f"{a.mean.size} and {b.mean.size}"
        raise ValueError(f"features of {sizes} dimensions; compare those of one extractor")
