"""Resolved: pictures at a high resolution, and at the low one that they are to be made from."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch

from img2img.data.boxes import Box
from img2img.data.degradation import degraded
from img2img.data.imresize import REACH, shrunk
from img2img.data.keys import Key, Stream, draws
from img2img.data.moves import turned
from img2img.data.order import order
from img2img.data.originals import Original, Originals
from img2img.data.samples import Pictures, Resolutions
from img2img.data.sets import naming
from img2img.data.sides import mask_tensor
from img2img.data.tones import Tones
from img2img.data.transforms import Recipe
from img2img.images import Levels, Picture

BLURRED = 16  # pixels beyond a crop that a realistic degradation is shown


@dataclass(frozen=True)
class Resolved:
    """Pictures with a low resolution that is given or made on the fly, each once an epoch."""

    high: Pictures
    low: Pictures | None
    recipe: Recipe
    """Of it size, flip, turns and what is said to be for these samples; nothing is resized."""
    encoding: Levels
    scale: int
    still_side: int
    """Of the squares that `still` shows, in pixels; as `recipe.size` a multiple of the scale."""

    def __post_init__(self) -> None:
        for side in (self.recipe.size, self.still_side):
            if side % self.scale:
                raise ValueError(f"{side} pixels are no multiple of the scale {self.scale}")
        if self.low is not None and len(self.low) != len(self.high):
            raise ValueError(f"{len(self.low)} and {len(self.high)} pictures are not pairs")

    def __len__(self) -> int:
        return len(self.high)

    def sample(self, key: Key) -> Resolutions:
        """A crop of the next picture of the epoch's order, both resolutions moved alike."""
        i = int(order(key, len(self), self.high.weights)[key.position])
        with naming(self.high.stem(i)):
            rng, size = np.random.default_rng(draws(key, Stream.PLACE)), self.recipe.size
            fractions = self.recipe.shrink if self.low is None else ()
            seen = self._originals.smaller(i, fractions, size, rng)
            box = Box.drawn(seen.high, size, self.scale, rng)
            return self._resolutions(self._turned(self._cut(seen, box, key, toned=True), key), i)

    def still(self, index: int) -> Resolutions:
        """The middle of picture `index`, without chance."""
        with naming(self.high.stem(index)):
            seen = self._originals.whole(index)
            box = Box.middle(seen.high, self.still_side, self.scale)
            return self._resolutions(self._cut(seen, box, Key(0, 0, index)), index)

    @cached_property
    def _originals(self) -> Originals:
        return Originals(self.high, self.low, self.encoding, self.scale)

    def _cut(self, seen: Original, box: Box, key: Key, *, toned: bool = False) -> Original:
        """A place of a picture, and what the low resolution of the whole picture shows there."""
        margin = REACH * self.scale if self.recipe.degradation == "bicubic" else BLURRED
        around = box.widened(-(-margin // self.scale) * self.scale, seen.high)
        region = seen.cut(around, self.scale)
        if toned:
            region = self._toned(region, key)
        if region.low is None:
            region = region._replace(low=self._lowered(region.high, key))
        return region.cut(box.inside(around), self.scale)

    def _toned(self, region: Original, key: Key) -> Original:
        contrast, inversion = self.recipe.contrast, self.recipe.inversion
        if not (contrast or inversion):
            return region
        ends = {"low": np.array(self.encoding.low), "high": np.array(self.encoding.high)}
        tones = Tones.draw(region.high, key, contrast=contrast, inversion=inversion, **ends)
        low = None if region.low is None else tones.of(region.low)
        return region._replace(high=tones.of(region.high), low=low)

    def _lowered(self, high: Picture, key: Key) -> Picture:
        if self.recipe.degradation == "realistic":
            rng = np.random.default_rng(draws(key, Stream.DEGRADATION))
            return degraded(np.ascontiguousarray(high), self.scale, rng)
        return shrunk(high, self.scale)

    def _turned(self, made: Original, key: Key) -> Original:
        assert made.low is not None
        flip, turns, shuffle = self.recipe.flip, self.recipe.turns, self.recipe.shuffle
        high, low, mask = turned(
            made.high, made.low, made.mask, flip=flip, turns=turns, shuffle=shuffle, key=key
        )
        return Original(high, mask, low)

    def _resolutions(self, made: Original, i: int) -> Resolutions:
        assert made.low is not None
        low, high = (torch.from_numpy(self.encoding.encode(it)) for it in (made.low, made.high))
        mask = None if made.mask is None else mask_tensor(made.mask)
        return Resolutions(low, high, self.high.stem(i), i, mask)
