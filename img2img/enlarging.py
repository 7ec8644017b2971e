"""Enlarging: pictures of any kind through a network that knows gray or RGB of one depth."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from img2img.encodings.pil import MODES
from img2img.formats.pixels import LUMA
from img2img.images import Levels, Picture, resize
from img2img.networks.enlarged import bicubic

KINDS = {mode: kind for kind, mode in MODES.items()} | dict.fromkeys(
    ("1", "LA", "La"), ("uint8", 1)
)
"""Depth and channels that PIL's modes are read in; others are colours."""

Network = Callable[[Tensor], Tensor]
"""(1, planes, H, W) to (1, planes, rH, rW), in [-1, 1]."""


def enlarge(
    picture: Picture,
    encoding: Levels,
    scale: int,
    network: Network,
    size: tuple[int, int] | None = None,
) -> Picture:
    """A picture `scale` times larger, of its own depth and channels, then of a (width, height).

    What holds no data holds none afterwards.

    Raises:
        ValueError: floats that are not finite, or beyond the range that the network knows.
    """
    own = kind(picture, encoding)
    counts = own.visible(picture)
    values = torch.from_numpy(own.encode(own.filled(picture, counts)))
    drawn = own.decode(through(values[None], encoding.channels, scale, network)[0].numpy())
    width, height = size or (drawn.shape[1], drawn.shape[0])
    drawn = resize(drawn, width, height)
    if counts is None:
        return drawn
    shown = resize(counts[..., None].astype(np.uint8), width, height, nearest=True)
    return own.hide(drawn, shown[..., 0] > 0)  # last: nothing may mix with what marks no data


def kind(picture: Picture, encoding: Levels) -> Levels:
    """How this picture's values are read: as the network's own pictures, or by its full range."""
    dtype, channels = picture.dtype.name, picture.shape[2]
    if dtype not in ("uint8", "uint16", "float32") or not picture.size:
        raise ValueError(
            f"cannot enlarge {dtype} of {picture.shape}; give uint8, uint16 or float32 (H, W, C)"
        )
    ends = {len(encoding.low), len(encoding.high)}
    if dtype == encoding.dtype and (channels == encoding.channels or ends == {1}):
        return encoding.model_copy(update={"channels": channels})
    if not np.isfinite(picture).all():
        raise ValueError(
            "float pixels that are nan or infinite are no amounts; fill them, or train on such"
            " pictures with --data.input.nodata nan"
        )
    if dtype == "float32" and not 0 <= picture.min() <= picture.max() <= 1:
        raise ValueError(
            f"float pixels from {picture.min():g} to {picture.max():g} have no known range;"
            " scale them to 0 to 1, or train on such pictures"
        )
    return Levels.of(picture)


def of_image(image: Image.Image) -> Levels:
    """How a PIL image is read, so that what comes out is of its kind."""
    dtype, channels = KINDS.get(image.mode, ("uint8", 3))
    return Levels.of(np.empty((1, 1, channels), dtype))


def through(values: Tensor, planes: int, scale: int, network: Network) -> Tensor:
    """(1, C, H, W) of any C through a network of so many planes.

    RGB through a network of gray: the luminance is the network's, the colours are interpolated.
    Gray through one of RGB: the luminance of what it makes. Other channels go one by one.
    """
    channels = values.shape[1]
    if channels == planes:
        return network(values).cpu()
    luma = torch.tensor(LUMA).view(1, 3, 1, 1) / 65536
    if (channels, planes) == (3, 1):
        gray = (values * luma).sum(1, keepdim=True)
        return bicubic(values - gray, scale) + network(gray).cpu()
    if planes == 3:
        made = (network(band.expand(-1, 3, -1, -1)).cpu() for band in bands(values))
        return torch.cat([(band * luma).sum(1, keepdim=True) for band in made], 1)
    if planes == 1:
        return torch.cat([network(band).cpu() for band in bands(values)], 1)
    raise ValueError(f"the picture has {channels} channels, but the network takes {planes}")


def bands(values: Tensor) -> Iterator[Tensor]:
    """The channels one by one, each (1, 1, H, W)."""
    return (values[:, i : i + 1] for i in range(values.shape[1]))


def ensemble(network: Network, values: Tensor) -> Tensor:
    """The mean over the eight flips and turns of the input, each undone (self-ensemble).

    Timofte et al. 2016, section 3.4.
    """
    made = []
    for flipped in (False, True):
        for turns in range(4):
            given = torch.rot90(values.flip(-1) if flipped else values, turns, (-2, -1))
            back = torch.rot90(network(given), -turns, (-2, -1))
            made.append(back.flip(-1) if flipped else back)
    return torch.stack(made).mean(0)
