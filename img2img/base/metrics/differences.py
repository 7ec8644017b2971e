"""Pixel-by-pixel distances of two 8-bit pictures, their levels scaled to [0, 1].

Pictures are uint8 (H, W, C) of one shape. Values of [0, 1] make L1 half of what it is on [-1, 1].
"""

from math import inf, log10

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
LEVELS = 255


def l1(fake: Picture, real: Picture) -> float:
    """The mean of |fake - real|, from 0 to 1."""
    return float(np.abs(_difference(fake, real)).mean()) / LEVELS


def mse(fake: Picture, real: Picture) -> float:
    """The mean of (fake - real)^2, from 0 to 1."""
    return float(np.square(_difference(fake, real)).mean()) / LEVELS**2


def psnr(fake: Picture, real: Picture) -> float:
    """-10 log10 MSE, in decibel; infinite for equal pictures."""
    error = mse(fake, real)
    return -10 * log10(error) if error else inf


def check_pair(fake: Picture, real: Picture) -> None:
    """Raises ValueError unless both are uint8 (H, W, C) of one shape."""
    for picture in (fake, real):
        if picture.dtype != np.uint8 or picture.ndim != 3:
            found = f"{picture.dtype} {picture.shape}"
            raise ValueError(
                f"pictures are compared as uint8 (height, width, channels), not {found}"
            )
    if fake.shape != real.shape:
        raise ValueError(
            f"pictures of unequal shapes {fake.shape} and {real.shape}; compare equals"
        )


def _difference(fake: Picture, real: Picture) -> NDArray[np.int32]:
    check_pair(fake, real)
    return fake.astype(np.int32) - real
