"""Seen: what one picture file turned out to be."""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from img2img import images
from img2img.check.reading import Reading, Visible
from img2img.data.duplicates import Hash, perceptual_hash
from img2img.data.looks import Look
from img2img.data.samples import Pictures
from img2img.data.sides import check_mask
from img2img.images import Picture, UnreadableError


class Seen(NamedTuple):
    """A picture, without its pixels."""

    name: str
    """Its path below the data set's folder."""
    look: Look | None = None
    """None: the file cannot be read."""
    unreadable: str = ""
    """Why."""
    hash: Hash | None = None
    """None: one colour throughout, or almost nothing, which resembles all of its kind."""
    checksum: bytes = b""
    """Of the pixels."""
    blank: bool = False
    """Whether no pixel of it counts."""
    mask: str = ""
    """What is wrong with its mask."""
    labels: str = ""
    """What is wrong with its classes."""


def seen(
    pictures: Pictures, index: int, name: str, reading: Reading, *, masked: bool = True
) -> tuple[Seen, Picture | None]:
    """Picture `index` called `name` looked at once, and its pixels where it can be read."""
    try:
        picture = pictures[index]
    except UnreadableError as error:
        return Seen(name, unreadable=reason(error)), None
    height, width, channels = picture.shape
    visible, mask = reading.visible(picture), ""
    if masked:
        visible, mask = hidden(pictures, index, picture, visible)
    plain = bool((picture == picture[:1, :1]).all()) or not visible.any()
    found = Seen(
        name,
        Look(name, width, height, channels, picture.dtype.name),
        hash=None if plain else perceptual_hash(picture),
        checksum=blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=16).digest(),
        blank=not visible.any(),
        mask=mask,
        labels=strange(picture, reading),
    )
    return found, picture


def hidden(
    pictures: Pictures, index: int, picture: Picture, visible: Visible
) -> tuple[Visible, str]:
    """What counts of the picture under its mask as well, and what is wrong with that."""
    try:
        mask = pictures.mask(index)
        if mask is None:
            return visible, ""
        check_mask(mask, picture)
    except UnreadableError as error:
        return visible, f"its mask cannot be read: {reason(error)}"
    except ValueError as error:
        return visible, str(error)
    return visible & (mask[..., 0] > 0), ""


def strange(picture: Picture, reading: Reading) -> str:
    """Why the pixels are no classes, where they should be."""
    if reading.labels is None:
        return ""
    try:  # every colour has a class, if one has
        reading.classes(picture[:1, :1] if reading.labels.palette else picture)
    except ValueError as error:
        return str(error)
    return ""


def reason(error: UnreadableError) -> str:
    """Why a file cannot be read, without its name."""
    return str(error).partition(": ")[2].partition(";")[0] or str(error)


def marked(pictures: Pictures, index: int) -> float | None:
    """The value that the file itself says stands for no data."""
    files = getattr(pictures, "files", ())
    return images.nodata(files[index]) if files else None
