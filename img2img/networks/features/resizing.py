"""What implementations of FID hand to the Inception: one function for each protocol.

Each takes one uint8 picture (H, W, C) of any size to (C, 299, 299), in float32.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

Bytes = NDArray[np.uint8]  # (H, W, C)

SIDE = 299  # pixels
IMAGENET_SIDE = 224  # pixels: what classifiers are trained on


def pytorch_fid(picture: Bytes) -> Tensor:
    """In [-1, 1], as pytorch-fid 0.3.0 does.

    Bilinear between the centres of pixels (align_corners=False), without antialiasing.
    """
    unit = torch.tensor(picture).permute(2, 0, 1).float() / 255
    resized = interpolate(unit[None], (SIDE, SIDE), mode="bilinear", align_corners=False)[0]
    return resized * 2 - 1


def clean(picture: Bytes) -> Tensor:
    """In [-1, 127/128], as clean-fid does (Parmar et al. 2022): Pillow's antialiased bicubic.

    Channel by channel in float32, clipped to [0, 255] but not rounded to levels.
    """
    return _centred(_bicubic(picture, SIDE))


def torch_fidelity(picture: Bytes) -> Tensor:
    """In [-1, 127/128], as TensorFlow 1 and torch-fidelity do: bilinear, not antialiased.

    The first pixel falls on the first: pixel i is sampled at i / 299 of the side.
    """
    levels = torch.tensor(picture).permute(2, 0, 1).float()
    top, bottom, y = _neighbours(levels.shape[1])
    left, right, x = _neighbours(levels.shape[2])
    upper, lower = levels[:, top], levels[:, bottom]
    above = upper[:, :, left] + (upper[:, :, right] - upper[:, :, left]) * x
    below = lower[:, :, left] + (lower[:, :, right] - lower[:, :, left]) * x
    return _centred(above + (below - above) * y[:, None])


def imagenet(picture: Bytes) -> Tensor:
    """(C, 224, 224) in [-1, 1]: what classifiers take, by Pillow's antialiased bicubic."""
    return _bicubic(picture, IMAGENET_SIDE) / 127.5 - 1


class Protocol(NamedTuple):
    """How pictures are prepared, and what is said of it beside a figure."""

    prepare: Callable[[Any], Tensor]
    resize: str
    range: str


PROTOCOLS = {
    "pytorch-fid": Protocol(
        pytorch_fid, "pytorch-fid: bilinear, half-pixel, not antialiased, 299 x 299", "[-1, 1]"
    ),
    "clean": Protocol(
        clean, "clean-fid: Pillow bicubic in float32, antialiased, 299 x 299", "[-1, 127/128]"
    ),
    "torch-fidelity": Protocol(
        torch_fidelity,
        "TensorFlow 1: bilinear, corner, not antialiased, 299 x 299",
        "[-1, 127/128]",
    ),
}
IMAGENET = Protocol(imagenet, "Pillow bicubic in float32, antialiased, 224 x 224", "[-1, 1]")


def _centred(levels: Tensor) -> Tensor:
    return (levels - 128) / 128


def _bicubic(picture: Bytes, side: int) -> Tensor:
    """(C, side, side) in [0, 255]."""
    bands = [Image.fromarray(band) for band in np.moveaxis(picture.astype(np.float32), 2, 0)]
    resized = [band.resize((side, side), Image.Resampling.BICUBIC) for band in bands]
    return torch.from_numpy(np.stack([np.asarray(band) for band in resized]).clip(0, 255))


def _neighbours(size: int) -> tuple[Tensor, Tensor, Tensor]:
    """The pixels on either side of each sample, and how far it is on the way between them."""
    places = torch.arange(SIDE, dtype=torch.float32) * (size / SIDE)
    before = places.long()
    return before, (before + 1).clamp(max=size - 1), places - before
