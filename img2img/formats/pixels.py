"""Pixel arrays: what every reader and writer of picture files does with them."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[Any]  # (H, W, C) uint8 | uint16 | float32: RGB in that order, gray one channel

PIXELS = 89_478_485  # width * height that is still read: where Pillow only warns
VALUES = 4 * PIXELS  # width * height * channels
EXACT = 2**53  # integers up to here are float64 numbers
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


class Layers(NamedTuple):
    """A picture taken apart: colours not multiplied by their alpha, and what they mean."""

    picture: Picture
    """(H, W, C), alpha not among the channels."""
    alpha: Picture | None
    """(H, W, 1) of the picture's dtype, 0 to the dtype's maximum (float32: to 1); None: opaque."""
    profile: bytes | None
    """The ICC profile the colours are in; None where they are sRGB, or nothing is said."""


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


def top(dtype: np.dtype[Any]) -> float:
    """The value of white and of full alpha: the largest integer, or 1."""
    return 1.0 if dtype.kind == "f" else float(np.iinfo(dtype).max)


def supported(picture: Picture) -> Picture:
    """The same pixels as uint8, uint16 or float32, contiguous, in this machine's byte order.

    Booleans become 0 and 255; other integers become float32 where it holds each of them.
    """
    if picture.dtype == np.bool_:
        picture = picture.astype(np.uint8) * np.uint8(255)
    elif picture.dtype.name in ("uint8", "uint16"):
        picture = picture.astype(picture.dtype.name)
    elif picture.dtype.kind == "f" or (picture.dtype.kind in "iu" and _single(picture)):
        picture = picture.astype(np.float32)
    else:
        raise ValueError(f"its pixels are {picture.dtype}; save them as uint8, uint16 or float32")
    return np.ascontiguousarray(picture)


def widened(samples: Picture, bits: int) -> Picture:
    """Samples of 2 to 7 bits over the whole range of uint8, as Pillow reads them."""
    if not 1 <= bits < 8 or samples.dtype != np.uint8:
        return samples
    return (samples * np.uint16(255) // np.uint16(2**bits - 1)).astype(np.uint8)


def check_pixels(width: int, height: int, channels: int = 1) -> None:
    """Raises ValueError for a picture that is empty, or too large to be read."""
    if width < 1 or height < 1 or channels < 1:
        kind = f"{width} x {height} pixels in {channels} channels"
        raise ValueError(f"it is empty, {kind}; replace or remove the file")
    if width * height > PIXELS:
        raise ValueError(f"{width} x {height} pixels are more than {PIXELS:,}; scale it down first")
    if width * height * channels > VALUES:
        kind = f"{width} x {height} pixels in {channels} channels are more than {VALUES:,} values"
        raise ValueError(f"{kind}; scale it down first")


def _single(integers: Picture) -> bool:
    """Whether every integer is a float32 number."""
    wide = integers.astype(np.float64)
    known = integers.dtype.itemsize <= 4 or bool((np.abs(wide) < EXACT).all())
    return known and bool((wide.astype(np.float32) == wide).all())
