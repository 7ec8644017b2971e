"""Pixel arrays: what every reader and writer of picture files does with them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[Any]  # (H, W, C) uint8 | uint16 | float32: RGB in that order, gray one channel

PIXELS = 89_478_485  # width * height that is still read: where Pillow only warns
LUMA = (19595, 38470, 7471)  # ITU-R 601 in 1/65536, Pillow's own integers
ORIENTATION = 274  # the EXIF and TIFF tag
UPRIGHT: dict[int, Callable[[Picture], Picture]] = {
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.swapaxes(0, 1),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: p.swapaxes(0, 1)[::-1, ::-1],
    8: lambda p: np.rot90(p),
}


def upright(picture: Picture, orientation: int) -> Picture:
    """The picture as it is meant to be seen, by the value of its ORIENTATION tag."""
    return UPRIGHT[orientation](picture) if orientation in UPRIGHT else picture


def squeezed(picture: Picture) -> Picture:
    """(H, W) where there is one channel, as Pillow and TIFF want it."""
    return picture[..., 0] if picture.shape[2] == 1 else picture


def to_channels(picture: Picture, channels: int) -> Picture:
    """The picture in as many channels: gray repeated to RGB, RGB to its luma (ITU-R 601).

    Raises:
        ValueError: any other change.
    """
    have = picture.shape[2]
    if have == channels:
        return picture
    if (have, channels) == (1, 3):
        return np.repeat(picture, 3, axis=2)
    if (have, channels) == (3, 1):
        luma = picture.astype(np.float64) @ np.array(LUMA)[:, None] / 65536
        # halves round up, as in Pillow's integers
        return as_dtype(luma if picture.dtype.kind == "f" else np.floor(luma + 0.5), picture.dtype)
    advice = "convert it, or train on such pictures"
    raise ValueError(f"the picture has {have} channels, but {channels} were expected; {advice}")


def as_dtype(pixels: Picture, dtype: np.dtype[Any]) -> Picture:
    """Float pixels as `dtype`: integers are rounded and kept within their range."""
    if dtype.kind == "f":
        return pixels.astype(dtype)
    return np.clip(np.rint(pixels), 0, np.iinfo(dtype).max).astype(dtype)


def supported(picture: Picture) -> Picture:
    """The same pixels as uint8, uint16 or float32, contiguous, in this machine's byte order."""
    if picture.dtype == np.bool_:
        picture = picture.astype(np.uint8) * np.uint8(255)
    elif picture.dtype.kind == "f":
        picture = picture.astype(np.float32)
    elif picture.dtype.name in ("uint8", "uint16"):
        picture = picture.astype(picture.dtype.name)
    else:
        raise ValueError(f"its pixels are {picture.dtype}; save them as uint8, uint16 or float32")
    return np.ascontiguousarray(picture)


def check_pixels(width: int, height: int) -> None:
    """Raises ValueError for a picture that is empty, or too large to be read."""
    if width < 1 or height < 1:
        raise ValueError(f"it is empty, {width} x {height} pixels; replace or remove the file")
    if width * height > PIXELS:
        raise ValueError(f"{width} x {height} pixels are more than {PIXELS:,}; scale it down first")
