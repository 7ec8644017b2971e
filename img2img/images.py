"""Pictures: files, encodings, sizes, channels, and sheets of pictures.

Pictures are (H, W, C) of uint8, uint16 or float32; values are float32 (C, H, W) in [-1, 1]. Nothing
but `encodings` and `formats`, whose names are offered here too, knows pixel ranges or formats.
"""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from img2img.encodings import Encoding, Labels, Levels, described
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
from img2img.formats.pixels import Picture, as_dtype, squeezed, to_channels, top

__all__ = [
    "SUFFIXES",
    "Encoding",
    "Labels",
    "Layers",
    "Levels",
    "Picture",
    "UnreadableError",
    "as_depth",
    "described",
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

TINY, HUGE = 128, 512  # the longest side of a cell of a sheet lies between these, in pixels
GAP, LINE = 4, 18  # between cells and for a line of text, in pixels


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


def as_depth(picture: Picture, dtype: np.dtype[Any]) -> Picture:
    """The picture in another depth, full range to full range: white stays white."""
    if picture.dtype == dtype:
        return picture
    return as_dtype(picture.astype(np.float64) * (top(dtype) / top(picture.dtype)), dtype)


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
