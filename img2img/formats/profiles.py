"""ICC profiles: colours of other spaces to sRGB, through LittleCMS in Pillow."""

from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from img2img.formats.pixels import Picture

SPACES = {b"RGB ": 3, b"GRAY": 1}  # of an ICC header, and the channels of a picture in it
SAME = 1  # level that the many ways to write down sRGB differ by


def fits(profile: bytes | None, channels: int) -> bool:
    """Whether a profile speaks of pictures of as many channels, by its header."""
    return profile is not None and SPACES.get(profile[16:20]) == channels


def settled(
    image: Image.Image, profile: bytes | None, *, keep: bool
) -> tuple[Picture, bytes | None]:
    """An L, RGB or CMYK image as (H, W, C) uint8, and the profile that it is in, if kept."""
    kept = keep and fits(profile, len(image.getbands()))  # of CMYK never
    pixels = np.asarray(image if kept else to_srgb(image, profile))
    return np.atleast_3d(pixels), profile if kept else None


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An L, RGB or CMYK image as L or RGB in sRGB, by relative intent.

    A profile that is broken, of another space, or sRGB itself changes no pixel; CMYK without a
    profile of its own becomes RGB by Pillow's rule, (1 - ink) * (1 - black).
    """
    transform = _transform(image.mode, profile) if profile else None
    if transform is None or _changes_nothing(transform, image.mode):
        return image.convert("L" if image.mode == "L" else "RGB")
    if image.mode == "L":
        ramp = Image.frombytes("L", (256, 1), bytes(range(256)))
        return image.point(transform.apply(ramp).convert("L").tobytes())
    converted: Image.Image = transform.apply(image)
    return converted


def _transform(mode: str, profile: bytes) -> Any:
    from PIL import ImageCms

    try:
        source, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        # the table of 33 steps that speeds up gray is 9 levels off where linear gray is dark
        precise = ImageCms.Flags.NOOPTIMIZE if mode == "L" else ImageCms.Flags.HIGHRESPRECALC
        return ImageCms.buildTransform(source, srgb, mode, "RGB", _intent(source), precise)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _intent(source: Any) -> Any:
    from PIL import ImageCms

    relative, perceptual = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Intent.PERCEPTUAL
    offered = ImageCms.isIntentSupported(source, relative, ImageCms.Direction.INPUT) == 1
    return relative if offered else perceptual


def _changes_nothing(transform: Any, mode: str) -> bool:
    """Whether a lattice of colours comes back as it was."""
    if mode == "CMYK":
        return False
    ramp = np.arange(0, 256, 17, dtype=np.uint8)
    lattice = np.stack(np.meshgrid(ramp, ramp, ramp), axis=-1).reshape(256, 16, 3)
    colours = Image.fromarray(lattice if mode == "RGB" else ramp[None])
    before, after = np.asarray(colours.convert("RGB")), np.asarray(transform.apply(colours))
    return int(np.abs(before.astype(np.int16) - after).max()) <= SAME
