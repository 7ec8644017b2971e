"""Jitter: what changes the values of an input and leaves every pixel in its place."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from img2img.data.keys import Key, Stream, draws
from img2img.data.library import albumentations, seeded
from img2img.formats.pixels import as_dtype
from img2img.images import Picture

Bound = float | NDArray[np.floating[Any]]
"""One end of the range of values: for all channels, or (C,)."""


def jitter(picture: Picture, most: float, key: Key, low: Bound, high: Bound) -> Picture:
    """Brightness, contrast and saturation changed by a share of `most` at most.

    Only 8-bit gray and RGB have a saturation; other kinds change in brightness and contrast,
    measured in [low, high].
    """
    if picture.dtype == np.uint8 and picture.shape[2] in (1, 3):
        changed = seeded(_photograph(most), key, Stream.COLOURS)(image=picture)["image"]
        return _clipped(changed, low, high, picture)
    rng = np.random.default_rng(draws(key, Stream.COLOURS))
    brightness, contrast = 1 + most * rng.uniform(-1, 1, 2)
    bright = np.clip((picture - _narrow(low)) / _narrow(high - low) * brightness, 0, 1)
    mean = bright.mean((0, 1))
    return _clipped(low + (high - low) * (mean + contrast * (bright - mean)), low, high, picture)


def noise(picture: Picture, sigma: float, key: Key, low: Bound, high: Bound) -> Picture:
    """With N(0, sigma^2) added to each value, in units of high - low."""
    rng = np.random.default_rng(draws(key, Stream.NOISE))
    drawn = rng.standard_normal(picture.shape, np.float32)
    return _clipped(picture + _narrow(sigma * (high - low)) * drawn, low, high, picture)


def _narrow(bound: Bound) -> NDArray[np.float32]:
    return np.asarray(bound, np.float32)


def _clipped(pixels: Picture, low: Bound, high: Bound, like: Picture) -> Picture:
    return as_dtype(np.clip(pixels, low, high), like.dtype)


@lru_cache(maxsize=8)
def _photograph(jitter: float) -> Any:
    library, change = albumentations(), (1 - jitter, 1 + jitter)
    return library.Compose([library.ColorJitter(change, change, change, hue=(0, 0), p=1)])
