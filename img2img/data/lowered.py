"""Lowered: pictures at the low resolution that is made of them, and what of them it shows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from img2img.data.imresize import shrunk
from img2img.data.samples import Pictures
from img2img.images import Picture


@dataclass(frozen=True)
class Whole:
    """Pictures whose sides are cut, on the right and below, to multiples of the scale."""

    pictures: Pictures
    scale: int

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> Picture:
        return self._cut(self.pictures[index])

    def stem(self, index: int) -> str:
        """The picture's own."""
        return self.pictures.stem(index)

    @property
    def masked(self) -> bool:
        """Whether any picture has a mask."""
        return self.pictures.masked

    def mask(self, index: int) -> Picture | None:
        """Where picture `index` counts, cut alike."""
        mask = self.pictures.mask(index)
        return None if mask is None else self._cut(mask)

    @property
    def weights(self) -> Sequence[float]:
        """The pictures' own."""
        return self.pictures.weights

    def _cut(self, picture: Picture) -> Picture:
        height, width = (side // self.scale * self.scale for side in picture.shape[:2])
        return np.ascontiguousarray(picture[:height, :width])


class Lowered(Whole):
    """The same made smaller by the scale, as in training; it has no masks of its own."""

    def __getitem__(self, index: int) -> Picture:
        return shrunk(super().__getitem__(index), self.scale)

    @property
    def masked(self) -> bool:
        """Never."""
        return False

    def mask(self, index: int) -> Picture | None:
        """None."""
        return None
