"""imresize: what MATLAB's function of that name does, by which benchmarks make their LR pictures.

Bicubic (Keys 1981, a = -0.5), the kernel stretched where it shrinks so that nothing aliases, edges
mirrored; along one axis after the other, integers rounded after each.
"""

from functools import lru_cache
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from img2img.images import Picture

REACH = 2  # the kernel's, to either side, in pixels of the smaller picture
BLOCK = 64  # pixels of the result that are worked out at once
# Ties go up, whatever the order of a sum's terms did to its last bits. No other sum of a picture
# that is shrunk s times comes so near to a tie: its weights are multiples of 1 / (16 s^4).
HALF = 0.5 + 1e-9


def shrunk(picture: Picture, scale: int) -> Picture:
    """imresize(picture, 1 / scale): (H, W, C) to (ceil(H / scale), ceil(W / scale), C)."""
    height, width = (ceil(side / scale) for side in picture.shape[:2])
    return _along(_along(picture, 0, height, 1 / scale), 1, width, 1 / scale)


def resized(picture: Picture, width: int, height: int) -> Picture:
    """imresize(picture, [height width]); uint8 and uint16 rounded and clipped, float32 as it is."""
    sides = height, width
    factors = [new / old for new, old in zip(sides, picture.shape, strict=False)]
    for axis in sorted((0, 1), key=lambda axis: factors[axis]):  # rows first where both are alike
        picture = _along(picture, axis, sides[axis], factors[axis])
    return picture


def _along(picture: Picture, axis: int, length: int, factor: float) -> Picture:
    lines = picture if axis == 0 else picture.swapaxes(0, 1)
    flat = lines.reshape(len(lines), -1)
    made = np.empty((length, flat.shape[1]), picture.dtype)
    for place, first, weights in _blocks(len(lines), length, factor):
        made[place : place + len(weights)] = _rounded(
            weights @ flat[first : first + weights.shape[1]].astype(np.float64), picture.dtype
        )
    made = made.reshape(length, *lines.shape[1:])
    return made if axis == 0 else np.ascontiguousarray(made.swapaxes(0, 1))


def _rounded(values: NDArray[np.float64], dtype: np.dtype[Any]) -> Picture:
    if dtype.kind == "f":
        return values.astype(dtype)
    np.floor(np.add(values, HALF, out=values), out=values)
    return np.clip(values, 0, np.iinfo(dtype).max, out=values).astype(dtype)


@lru_cache(maxsize=256)
def _blocks(old: int, new: int, factor: float) -> tuple[tuple[int, int, NDArray[np.float64]], ...]:
    """(where it goes, the first pixel it takes, weights (n, m)) of each block of the result."""
    stretch = min(factor, 1)
    width = 2 * REACH / stretch
    centres = (np.arange(new) + 0.5) / factor - 0.5
    taps = np.floor(centres - width / 2)[:, None] + np.arange(ceil(width) + 2)
    weights = _keys(stretch * (centres[:, None] - taps))
    weights /= weights.sum(axis=1, keepdims=True)
    sources = _mirrored(taps.astype(np.int64), old)
    blocks = []
    for place in range(0, new, BLOCK):
        there, weigh = sources[place : place + BLOCK], weights[place : place + BLOCK]
        first, last = int(there.min()), int(there.max())
        matrix = np.zeros((len(there), last - first + 1))
        np.add.at(matrix, (np.arange(len(there))[:, None], there - first), weigh)
        blocks.append((place, first, matrix))
    return tuple(blocks)


def _mirrored(places: NDArray[np.int64], length: int) -> NDArray[np.int64]:
    """Places beyond an edge as those that mirror them, the edge's pixel itself repeated."""
    around = places % (2 * length)
    return np.minimum(around, 2 * length - 1 - around)


def _keys(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cubic kernel of width 4 (Keys 1981, equation 15), a = -0.5."""
    x = np.abs(x)
    near = (1.5 * x - 2.5) * x**2 + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0.0))
