"""Features: a row of numbers for each picture of a set, which figures of sets are made of."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rows = NDArray[np.floating]  # (n, d), float32 or float64


@dataclass(frozen=True, eq=False)
class Features:
    """The rows of some pictures, by the pictures' numbers; features of disjoint sets add.

    Numbers, not the order of adding, decide which rows a draw takes: so how a set was split, and
    into batches of what size, changes no figure.
    """

    parts: tuple[tuple[int, Rows], ...] = ()
    """The number of a part's first picture, and its rows; other parts follow by their numbers."""

    @classmethod
    def of(cls, rows: ArrayLike, *, first: int = 0) -> "Features":
        """The state of rows (n, d), of the pictures `first`, `first` + 1, ... of their set.

        float32 stays as it is, to halve the memory; all else becomes float64.

        Raises:
            ValueError: they are of another shape, or not all finite.
        """
        given = np.asarray(rows)
        values: Rows = given if given.dtype == np.float32 else given.astype(np.float64, copy=False)
        if values.ndim != 2 or not values.shape[1]:
            raise ValueError(f"features are (n, d), a row for each picture, not {values.shape}")
        if not np.isfinite(values).all():
            raise ValueError(f"some of {len(values)} features are not finite; leave them out")
        return cls(((first, values),) if len(values) else ())

    def __add__(self, other: "Features") -> "Features":
        return Features(self.parts + other.parts)

    def __len__(self) -> int:
        return sum(len(rows) for _, rows in self.parts)

    @cached_property
    def rows(self) -> Rows:
        """(n, d), in the order of the pictures' numbers; (0, 0) of none.

        Raises:
            ValueError: two parts hold one picture, or rows of unequal lengths.
        """
        parts = sorted(self.parts, key=lambda part: part[0])
        for (first, rows), (following, others) in pairwise(parts):
            if first + len(rows) > following:
                raise ValueError(f"picture {following} is in two sets; number them with `first`")
            if rows.shape[1] != others.shape[1]:
                sizes = f"{rows.shape[1]} and {others.shape[1]} dimensions"
                raise ValueError(f"features of {sizes}; compare those of one extractor")
        if len(parts) == 1:
            return parts[0][1]  # not copied: it may be large
        return np.concatenate([rows for _, rows in parts]) if parts else np.empty((0, 0))


def check_two(fake: Features, real: Features, least: int = 1) -> None:
    """Raises ValueError unless both have `least` rows or more, of one length."""
    for side, features in (("fake", fake), ("real", real)):
        if len(features) < least:
            raise ValueError(f"{len(features)} {side} pictures are too few; give {least} or more")
    widths = fake.rows.shape[1], real.rows.shape[1]
    if widths[0] != widths[1]:
        sizes = f"{widths[0]} and {widths[1]} dimensions"
        raise ValueError(f"features of {sizes}; compare those of one extractor")
