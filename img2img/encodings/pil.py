"""PIL: its images as arrays of an encoding's depth, and arrays as its images."""

import numpy as np
from PIL import Image

from img2img.encodings.labels import Labels
from img2img.encodings.levels import Levels
from img2img.formats.alpha import filled
from img2img.formats.pixels import Picture, to_channels

MODES = {("uint8", 1): "L", ("uint8", 3): "RGB", ("uint16", 1): "I;16", ("float32", 1): "F"}
"""What PIL holds, by depth and channels."""


def from_pil(image: Image.Image, encoding: Levels | Labels) -> tuple[Picture, Picture | None]:
    """The picture, and its alpha (H, W, 1) uint8 if any: what that hides is not looked at.

    Numbers of classes are those of a palette image's entries.

    Raises:
        ValueError: PIL has no images of this kind, or this image is of another depth.
    """
    kind = encoding.dtype, encoding.channels
    if kind not in MODES:
        raise ValueError(f"no PIL image holds {said(*kind)}; give an array (H, W, C)")
    mode = MODES[kind]
    deep = image.mode if image.mode in ("I;16", "I", "F") else "8 bit"
    if (mode in ("I;16", "F") or deep != "8 bit") and image.mode != mode:
        raise ValueError(f"the image is {image.mode}, but {mode} was expected; convert it yourself")
    if deep != "8 bit" or (image.mode == "P" and isinstance(encoding, Labels) and mode == "L"):
        return np.atleast_3d(np.asarray(image)), None
    if not image.has_transparency_data:
        return np.atleast_3d(np.asarray(image.convert(mode))), None
    layers = np.asarray(image.convert("RGBA"))
    alpha = layers[..., 3:]
    return to_channels(filled(layers[..., :3], alpha), encoding.channels), alpha


def to_pil(picture: Picture, alpha: Picture | None = None) -> Image.Image:
    """The image, with its alpha where PIL can hold both.

    Raises:
        ValueError: PIL has no images of this kind.
    """
    kind = picture.dtype.name, picture.shape[2]
    if kind not in MODES:
        raise ValueError(f"no PIL image holds {said(*kind)}; give an array (H, W, C) to get one")
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    if alpha is not None and image.mode in ("L", "RGB"):
        image.putalpha(Image.fromarray(alpha[..., 0]))
    return image


def said(dtype: str, channels: int) -> str:
    """A kind of picture, in words."""
    return f"{dtype} in {channels} channels"
