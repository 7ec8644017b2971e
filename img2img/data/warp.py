"""A warp: where in a picture each pixel of a crop comes from, turned, sheared and bent."""

from __future__ import annotations

from math import radians, tan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.data.library import opencv
from img2img.data.waves import Waves
from img2img.images import Picture

FOLD = 9  # waves of a <= length / 9 never fold: their slope stays below 2 pi sqrt(2) / 9 < 1


class Warp(NamedTuple):
    """Columns x and rows y of the picture, each float32 (size, size), in pixels."""

    x: NDArray[np.float32]
    y: NDArray[np.float32]

    @classmethod
    def draw(
        cls,
        rng: np.random.Generator,
        width: int,
        height: int,
        size: int,
        *,
        rotate: float = 0.0,
        shear: float = 0.0,
        elastic: float = 0.0,
    ) -> Warp:
        """A crop at random in width x height pixels, about whose own centre it turns.

        At most by `rotate` degrees, `shear` degrees along each axis, and `elastic` pixels along
        each axis, in smooth waves. One of width or height below `size` is the caller's mistake.
        """
        left, top = rng.integers((width - size + 1, height - size + 1))
        matrix = _affine(rng, radians(rotate), radians(shear))
        axis = np.arange(size, dtype=np.float32) - np.float32((size - 1) / 2)
        x, y = np.tensordot(matrix, np.stack(np.meshgrid(axis, axis)), 1)
        if elastic:
            shortest = max(size / 4, FOLD * elastic)
            x += elastic * Waves.draw(rng, shortest, 2 * shortest).over(axis)
            y += elastic * Waves.draw(rng, shortest, 2 * shortest).over(axis)
        middle = (size - 1) / 2
        return cls((x + left + middle).astype(np.float32), (y + top + middle).astype(np.float32))

    def of(self, picture: Picture, *, nearest: bool = False) -> Picture:
        """(size, size, C): bicubic or the nearest pixel; mirrored where the picture has ended."""
        cv2 = opencv()
        method = cv2.INTER_NEAREST if nearest else cv2.INTER_CUBIC
        # OpenCV's bicubic takes 4 channels at most, and rounds several apart from one
        bands = [
            cv2.remap(np.ascontiguousarray(band), *self, method, borderMode=cv2.BORDER_REFLECT_101)
            for band in np.moveaxis(picture, 2, 0)
        ]
        return np.stack(bands, axis=2)


def _affine(rng: np.random.Generator, rotate: float, shear: float) -> NDArray[np.float32]:
    """A turn after a shear along each axis, of determinant 1; angles in radians."""
    angle, along_x, along_y = rng.uniform(-1, 1, 3) * (rotate, shear, shear)
    turn = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    sheared = np.array([[1, tan(along_x)], [0, 1]]) @ [[1, 0], [tan(along_y), 1]]
    matrix: NDArray[Any] = turn @ sheared
    return matrix.astype(np.float32)
