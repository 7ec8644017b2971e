"""Span: the range of pixels that metrics scale to [0, 1], so that depths can be compared."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.images import Picture

Levels = float | tuple[float, ...]
Unit = NDArray[np.float64]  # (H, W, C), its span scaled to [0, 1] and not clipped
Mask = NDArray[np.bool_]  # (H, W), true where a pixel counts


class Span(NamedTuple):
    """The pixels that become 0 and 1: of all channels alike, or of each its own."""

    low: Levels
    high: Levels

    def unit(self, picture: Picture) -> Unit:
        """(H, W, C) of any dtype, `low` to 0 and `high` to 1; what lies beyond is kept."""
        low, high = (np.asarray(level, np.float64) for level in self)
        scaled: Unit = (picture.astype(np.float64) - low) / (high - low)
        return scaled


def check_span(span: Span) -> None:
    """Raises ValueError unless all its ends are finite, the low ones below the high ones."""
    low, high = np.asarray(span.low), np.asarray(span.high)
    if not (np.isfinite(low).all() and np.isfinite(high).all() and (low < high).all()):
        raise ValueError(f"a range from {low} to {high} is none; give a lower and a higher number")


def full(dtype: str) -> Span | None:
    """All that integers of this dtype can hold; None for floats, which have no such range."""
    return None if np.dtype(dtype).kind == "f" else Span(0, int(np.iinfo(dtype).max))


def check_shapes(fake: Picture, real: Picture, mask: Mask | None = None) -> None:
    """Raises ValueError unless both are (H, W, C) of one shape, and the mask bool (H, W)."""
    if fake.shape != real.shape or fake.ndim != 3:
        shapes = f"{fake.shape} and {real.shape}"
        raise ValueError(f"pictures of unequal shapes {shapes}; compare equals (H, W, C)")
    if mask is not None and (mask.dtype != np.bool_ or mask.shape != real.shape[:2]):
        kinds = f"{mask.dtype} {mask.shape}, not bool {real.shape[:2]}"
        raise ValueError(f"the mask is {kinds} as its picture; give one of the picture's size")
