"""A side of a data set: pictures with their encoding, and what of them is to be seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from img2img.data.samples import Pictures
from img2img.data.transforms import Layer
from img2img.images import Encoding, Picture


class Seen(NamedTuple):
    """A picture as it goes through the recipe, and what counts of it."""

    picture: Layer
    """What is hidden is filled, so that resizing mixes nothing of it into its neighbours."""
    mask: Layer | None
    """(H, W, 1), 255 where a pixel counts; None where nothing of the whole side is hidden."""


class Side(NamedTuple):
    """Pictures and how their pixels become values."""

    pictures: Pictures
    encoding: Encoding

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def masked(self) -> bool:
        """Whether anything may be hidden."""
        hidden = getattr(self.encoding, "nodata", None), getattr(self.encoding, "ignore", None)
        return self.pictures.masked or any(value is not None for value in hidden)

    def seen(self, index: int, *, masks: bool = True) -> Seen:
        """Picture `index`; without `masks` its mask file is left alone, its own nodata is not."""
        picture = self.pictures[index]
        counts = self.encoding.visible(picture)
        drawn = self.pictures.mask(index) if masks else None
        if drawn is not None:
            check_mask(drawn, picture)
            counts = drawn[..., 0] > 0 if counts is None else counts & (drawn[..., 0] > 0)
        filled = Layer(self.encoding.filled(picture, counts), self.encoding.nearest)
        return Seen(filled, as_layer(counts, picture) if self.masked else None)

    def tensor(self, picture: Picture) -> Tensor:
        """The values of a picture that went through the recipe."""
        return torch.from_numpy(self.encoding.encode(picture))


def as_layer(counts: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None, of: Picture) -> Layer:
    """What counts, as a picture; all of it unless said otherwise."""
    if counts is None:
        counts = np.ones(of.shape[:2], np.bool_)
    return Layer(counts[..., None].astype(np.uint8) * np.uint8(255), nearest=True)


def mask_tensor(mask: Picture) -> Tensor:
    """(H, W, 1) of 0 and 255 to (1, H, W) of 0 and 1."""
    return torch.from_numpy((mask > 0).transpose(2, 0, 1).astype(np.float32))


def check_mask(mask: Picture, picture: Picture) -> None:
    """Raise ValueError unless both have one size."""
    if mask.shape[:2] != picture.shape[:2]:
        (h, w), (high, wide) = mask.shape[:2], picture.shape[:2]
        raise ValueError(f"the mask is {w} x {h} and its picture {wide} x {high}; make them equal")
