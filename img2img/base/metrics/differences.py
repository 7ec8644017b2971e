"""Pixel-by-pixel distances of two pictures whose range is scaled to [0, 1].

Pictures are float64 (H, W, C) of one shape, as `Span.unit` makes them. Only pixels where the mask
is true count; where none does, the distance is nan. On [0, 1], L1 is half of what it is on [-1, 1].
"""

from math import inf, log10, nan

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.span import Mask, Unit, check_shapes


def l1(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """The mean of |fake - real|; from 0 to 1 for pictures within their range."""
    return mean(np.abs(_difference(fake, real, mask)))


def mse(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """The mean of (fake - real)^2; from 0 to 1 for pictures within their range."""
    return mean(np.square(_difference(fake, real, mask)))


def psnr(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """-10 log10 MSE, in decibel, the range being the peak; infinite for equal pictures."""
    error = mse(fake, real, mask)
    return -10 * log10(error) if error else inf


def mean(values: NDArray[np.float64]) -> float:
    """The mean; nan of nothing."""
    return float(values.mean()) if values.size else nan


def check_pair(fake: Unit, real: Unit, mask: Mask | None) -> None:
    """Raises ValueError unless both are float64 of one shape, and finite wherever they count."""
    for picture in (fake, real):
        if picture.dtype != np.float64:
            raise ValueError(
                f"pictures are compared as float64 scaled to [0, 1], not {picture.dtype}"
            )
    check_shapes(fake, real, mask)
    for side, picture in (("fake", fake), ("real", real)):
        finite = np.isfinite(_counted(picture, mask))
        if not finite.all():
            count = f"{finite.size - finite.sum()} of {finite.size} values"
            raise ValueError(
                f"{count} of the {side} picture are not finite numbers; mask them, or say which "
                "number of the real picture means no data"
            )


def _difference(fake: Unit, real: Unit, mask: Mask | None) -> NDArray[np.float64]:
    check_pair(fake, real, mask)
    return _counted(fake, mask) - _counted(real, mask)


def _counted(picture: Unit, mask: Mask | None) -> NDArray[np.float64]:
    """The pixels that count: all (H, W, C), or N of them (N, C)."""
    return picture if mask is None else picture[mask]
