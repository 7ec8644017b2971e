"""Originals: pictures at a high resolution, ready to be cut, with the low resolution if given."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from img2img import images
from img2img.data.boxes import Box
from img2img.data.imresize import resized
from img2img.data.recent import RECENT
from img2img.data.samples import Pictures
from img2img.data.sides import Side
from img2img.images import Levels, Picture


class Original(NamedTuple):
    """A picture, what counts of it, and its low resolution, where there are such."""

    high: Picture
    mask: Picture | None = None
    """(H, W, 1), 255 where a pixel of `high` counts and else 0."""
    low: Picture | None = None

    def cut(self, box: Box, scale: int) -> "Original":
        """A place of it, given in pixels of `high`."""
        mask = None if self.mask is None else box.of(self.mask)
        return Original(
            box.of(self.high), mask, None if self.low is None else box.over(scale).of(self.low)
        )


@dataclass(frozen=True)
class Originals:
    """Pictures whose sides are cut, on the right and below, to multiples of the scale.

    What is hidden is filled. Each is read once, as long as there is memory to keep it.
    """

    high: Pictures
    low: Pictures | None
    encoding: Levels
    scale: int

    def whole(self, i: int) -> Original:
        """Picture i at its own size."""
        return RECENT.get(self, i, partial(self._read, i))

    def smaller(
        self, i: int, fractions: Sequence[float], side: int, rng: np.random.Generator
    ) -> Original:
        """Picture i at any of these fractions that holds `side`, or whole, each as likely."""
        whole = self.whole(i)
        sizes = [self._size(whole.high, fraction) for fraction in (1, *fractions)]
        fit = [it for it in sizes if min(it) >= side] or sizes[:1]
        size = fit[rng.integers(len(fit))]
        if size == sizes[0]:
            return whole
        return RECENT.get(self, (i, size), partial(_resized, whole, *size))

    def _size(self, picture: Picture, fraction: float) -> tuple[int, int]:
        height, width = (int(it * fraction) // self.scale * self.scale for it in picture.shape[:2])
        return width, height

    def _read(self, i: int) -> Original:
        high, counts = Side(self.high, self.encoding).seen(i)
        picture = self._cut(high.picture)
        mask = None if counts is None else self._cut(counts.picture)
        if self.low is None:
            return Original(picture, mask)
        low, seen = Side(self.low, self.encoding).seen(i, masks=False)  # a mask hides high alone
        self._check(picture, low.picture)
        if seen is not None:
            enlarged = seen.picture.repeat(self.scale, axis=0).repeat(self.scale, axis=1)
            mask = enlarged if mask is None else np.minimum(mask, enlarged)
        return Original(picture, mask, low.picture)

    def _cut(self, picture: Picture) -> Picture:
        width, height = self._size(picture, 1)
        return np.ascontiguousarray(picture[:height, :width])

    def _check(self, high: Picture, low: Picture) -> None:
        (height, width), (h, w) = high.shape[:2], low.shape[:2]
        if (height, width) != (h * self.scale, w * self.scale):
            raise ValueError(
                f"the low resolution is {w} x {h} and the high one {width} x {height}, which is "
                f"not {self.scale} times as much; make it so, or choose another scale"
            )


def _resized(whole: Original, width: int, height: int) -> Original:
    mask = whole.mask
    return Original(
        resized(whole.high, width, height),
        None if mask is None else images.resize(mask, width, height, nearest=True),
    )
