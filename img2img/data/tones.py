"""Tones: contrast and inversion, which leave every edge where it is."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.data.jitter import Bound
from img2img.data.keys import Key, Stream, draws
from img2img.data.library import opencv
from img2img.formats.pixels import as_dtype
from img2img.images import Picture

SPACING = 4  # the mean is that of the pixels so far apart, and ten times as fast


class Tones(NamedTuple):
    """value -> gain * value + offset, clipped to [low, high]."""

    gain: float
    offset: NDArray[np.float64]  # (C,)
    low: Bound
    high: Bound

    @classmethod
    def draw(
        cls, of: Picture, key: Key, *, contrast: float, inversion: bool, low: Bound, high: Bound
    ) -> "Tones":
        """A gain of 1 - contrast to 1 + contrast about the mean of each channel of a picture.

        With `inversion` low and high change places, half of the time.
        """
        rng = np.random.default_rng(draws(key, Stream.TONES))
        gain = 1 + contrast * rng.uniform(-1, 1)
        offset = (1 - gain) * of[::SPACING, ::SPACING].mean((0, 1), np.float64)
        if inversion and rng.random() < 0.5:
            return cls(-gain, np.add(low, high) - offset, low, high)
        return cls(gain, offset, low, high)

    def of(self, picture: Picture) -> Picture:
        """The picture in these tones, of its own dtype."""
        if picture.dtype != np.uint8:
            return self._changed(picture)
        levels = np.arange(256, dtype=np.uint8)[None, :, None].repeat(picture.shape[2], axis=2)
        found: Picture = opencv().LUT(picture, self._changed(levels))
        return found.reshape(picture.shape)  # of one channel, OpenCV drops the axis

    def _changed(self, picture: Picture) -> Picture:
        gain, offset, low, high = (np.asarray(it, np.float32) for it in self)
        return as_dtype(np.clip(picture * gain + offset, low, high), picture.dtype)
