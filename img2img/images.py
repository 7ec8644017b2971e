"""Pictures and values: pixels <-> what networks see, sizes, channels, and sheets of pictures.

Pictures are (H, W, C) of uint8, uint16 or float32; values are float32 (C, H, W) in [-1, 1]. Nothing
outside this file and `codecs`, whose functions are offered here too, knows pixel ranges or formats.
"""

from collections.abc import Sequence
from math import ceil
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image, ImageDraw, ImageFont
from pydantic import BaseModel, Field, model_validator

from img2img.formats.codecs import (
    SUFFIXES,
    Layers,
    UnreadableError,
    find,
    holds,
    natural,
    nodata,
    read,
    read_layers,
    size,
    write,
)
from img2img.formats.pixels import Picture, as_dtype, squeezed

__all__ = [
    "SUFFIXES",
    "Encoding",
    "Layers",
    "Picture",
    "UnreadableError",
    "decode",
    "encode",
    "find",
    "grid",
    "holds",
    "natural",
    "nodata",
    "read",
    "read_layers",
    "resize",
    "size",
    "to_channels",
    "write",
]

LUMA = (19595, 38470, 7471)  # ITU-R 601 in 1/65536, Pillow's own integers
TINY, HUGE = 128, 512  # the longest side of a cell of a sheet lies between these, in pixels
GAP, LINE = 4, 18  # between cells and for a line of text, in pixels


class Encoding(BaseModel, frozen=True, extra="forbid", allow_inf_nan=False):
    """How the pixels of one domain become values: `low` -> -1, `high` -> 1."""

    kind: Literal["image"] = "image"
    channels: int = Field(ge=1)
    dtype: Literal["uint8", "uint16", "float32"] = "uint8"
    low: float = 0
    high: float = 255

    @model_validator(mode="after")
    def _ordered(self) -> "Encoding":
        if not self.low < self.high:
            raise ValueError(f"low {self.low:g} is not below high {self.high:g}")
        return self

    @classmethod
    def of(cls, picture: Picture) -> "Encoding":
        """The full range of the picture's dtype; 0 to 1 for float32."""
        name = picture.dtype.name
        high = 1 if name == "float32" else np.iinfo(picture.dtype).max
        return cls.model_validate({"channels": picture.shape[2], "dtype": name, "high": high})


def encode(picture: Picture, encoding: Encoding) -> NDArray[np.float32]:
    """Pixels to values, (H, W, C) to float32 (C, H, W); gray and RGB turn into each other.

    Raises:
        ValueError: another dtype or other channels than the encoding's, or a value not finite.
    """
    if picture.dtype.name != encoding.dtype:
        advice = f"convert it to {encoding.dtype}, or train on such pictures"
        kinds = f"{picture.dtype}, but {encoding.dtype}"
        raise ValueError(f"the picture is {kinds} was expected; {advice}")
    pixels = to_channels(picture, encoding.channels).astype(np.float32)
    _check_finite(pixels)
    unit = (pixels - np.float32(encoding.low)) / np.float32(encoding.high - encoding.low)
    return np.ascontiguousarray((unit * 2 - 1).transpose(2, 0, 1))


def decode(values: ArrayLike, encoding: Encoding) -> Picture:
    """Values to pixels, float (C, H, W) to (H, W, C): clipped to the range, integers rounded.

    Raises:
        ValueError: other channels than the encoding's, or a value not finite.
    """
    array = np.asarray(values, np.float64)
    if array.ndim != 3 or len(array) != encoding.channels:
        raise ValueError(f"values of {array.shape} are not ({encoding.channels}, height, width)")
    _check_finite(array)
    unit = np.clip((array.transpose(1, 2, 0) + 1) / 2, 0, 1)
    pixels = encoding.low + unit * (encoding.high - encoding.low)
    return np.ascontiguousarray(as_dtype(pixels, np.dtype(encoding.dtype)))


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


def resize(picture: Picture, width: int, height: int, *, nearest: bool = False) -> Picture:
    """The picture at another size: antialiased bicubic, or the nearest pixel; any dtype."""
    if picture.shape[:2] == (height, width):
        return picture
    method = Image.Resampling.NEAREST if nearest else Image.Resampling.BICUBIC
    if picture.dtype == np.uint8 and picture.shape[2] in (1, 3):
        image = Image.fromarray(squeezed(picture)).resize((width, height), method)
        return np.atleast_3d(np.asarray(image))
    bands = [Image.fromarray(band) for band in np.moveaxis(picture.astype(np.float32), 2, 0)]
    resized = [np.asarray(band.resize((width, height), method)) for band in bands]
    return as_dtype(np.stack(resized, axis=2), picture.dtype)


def grid(
    rows: Sequence[Sequence[Picture]],
    titles: Sequence[str] | None = None,
    notes: Sequence[str] | None = None,
) -> NDArray[np.uint8]:
    """A sheet of pictures, uint8 (H, W, 3): each fitted into a cell, all cells of one size.

    `rows` hold uint8 pictures of any size; `titles` stand over the columns, `notes` over the rows.
    """
    width, height = _cell(rows)
    step = (width + GAP, height + GAP + (LINE if notes else 0))
    top = GAP + (LINE if titles else 0)
    columns = max(len(row) for row in rows)
    sheet = Image.new("RGB", (GAP + columns * step[0], top + len(rows) * step[1]), "white")
    write_text = ImageDraw.Draw(sheet).text
    font = ImageFont.load_default(13)
    for j, title in enumerate(titles or ()):
        write_text((GAP + j * step[0], GAP), title, "black", font)
    for i, row in enumerate(rows):
        y = top + i * step[1]
        if notes:
            write_text((GAP, y), notes[i], "black", font)
            y += LINE
        for j, picture in enumerate(row):
            image = Image.fromarray(_fitted(picture, width, height))
            left = GAP + j * step[0] + (width - image.width) // 2
            sheet.paste(image, (left, y + (height - image.height) // 2))
    return np.array(sheet)


def _cell(rows: Sequence[Sequence[Picture]]) -> tuple[int, int]:
    """(width, height) of a cell: the largest picture, scaled to a size that can be looked at."""
    height, width = (max(p.shape[axis] for row in rows for p in row) for axis in (0, 1))
    longest = max(width, height)
    scale = ceil(TINY / longest) if longest < TINY else min(1, HUGE / longest)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _fitted(picture: Picture, width: int, height: int) -> Picture:
    """RGB within (width, height); enlarged without blur, so that tiny ones show their pixels."""
    colours = picture[..., :3] if picture.shape[2] >= 3 else np.repeat(picture[..., :1], 3, axis=2)
    scale = min(height / picture.shape[0], width / picture.shape[1])
    size = (max(1, round(picture.shape[axis] * scale)) for axis in (1, 0))
    return resize(np.ascontiguousarray(colours), *size, nearest=scale > 1)


def _check_finite(array: NDArray[np.floating]) -> None:
    if not np.isfinite(array).all():
        count = int(array.size - np.isfinite(array).sum())
        raise ValueError(f"{count} of {array.size} values are not finite numbers")
