"""Picture files: which formats are read and written, and how each becomes an array.

Decoders meet strangers' files here, so whatever they raise becomes one sentence.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from logging import CRITICAL, getLogger
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import Image, UnidentifiedImageError

from img2img.formats import medical, raster, tiff
from img2img.formats.alpha import filled, over_white
from img2img.formats.encoders import holds, write
from img2img.formats.names import MEDICAL, SUFFIXES, TIFF, find, natural, suffix
from img2img.formats.pixels import PIXELS, Layers, Picture, check_pixels, supported

__all__ = [
    "SUFFIXES",
    "Layers",
    "UnreadableError",
    "find",
    "holds",
    "natural",
    "nodata",
    "read",
    "read_layers",
    "size",
    "suffix",
    "write",
]

LOUD = ("imagecodecs", "nibabel.global", "pydicom", "tifffile")  # log what they raise as well


class UnreadableError(ValueError):
    """A picture file that cannot be used: names the file, what is wrong, and what to do."""


def read(path: Path) -> Picture:
    """The picture in a file, upright, (H, W, C) at the file's own bit depth, in sRGB.

    Palettes, CMYK, YCbCr and CIELAB become RGB. What is transparent shows white, never the colours
    hidden beneath. Of several frames the first is read; a TIFF's pages or planes are its channels.
    Samples of less than 8 bits are spread over 0 to 255, those of 9 to 15 keep their values.
    Colours of more than 8 bits stay in the ICC profile of the file: LittleCMS in Pillow has none.

    Raises:
        UnreadableError: not a picture, truncated, too large, or of a kind that would lose bits.
    """
    with _reading(Path(path)):
        picture, alpha, _ = _layers(Path(path), keep=False)
        return picture if alpha is None else over_white(picture, alpha)


def read_layers(path: Path, *, icc: Literal["srgb", "keep"] = "srgb") -> Layers:
    """As `read`, with the alpha apart, and with the ICC profile if the colours stay in one.

    Where alpha is 0, smooth colours from around replace the hidden ones. The profile is that of
    gray and RGB pictures under "keep", and of those of more than 8 bits in any case.

    Raises:
        UnreadableError: as `read`.
    """
    with _reading(Path(path)):
        picture, alpha, profile = _layers(Path(path), keep=icc == "keep")
        return Layers(picture if alpha is None else filled(picture, alpha), alpha, profile)


def size(path: Path) -> tuple[int, int, int]:
    """(width, height, channels) of what `read` returns, from the header alone.

    Raises:
        UnreadableError: as `read`, as far as a header can tell.
    """
    path = Path(path)
    with _reading(path):
        if suffix(path) == ".npy":
            height, width, channels = _stored(path).shape
        elif suffix(path) in TIFF:
            height, width, channels = tiff.shape(path)
        elif suffix(path) in MEDICAL:
            height, width, channels = medical.shape(path)
        else:
            height, width, channels = raster.shape(path)
        return width, height, channels


def nodata(path: Path) -> float | None:
    """The value, nan perhaps, by which a TIFF marks pixels as not measured (GDAL_NODATA), if any.

    Raises:
        UnreadableError: as `read`, as far as a header can tell.
    """
    if suffix(path) not in TIFF:
        return None
    with _reading(Path(path)):
        return tiff.nodata(Path(path))


def _layers(path: Path, *, keep: bool) -> Layers:
    """The layers of a file, hidden colours among them."""
    if suffix(path) in TIFF:
        layers = tiff.read(path, keep=keep)
    elif suffix(path) in MEDICAL:
        layers = Layers(medical.read(path), None, None)
    elif suffix(path) == ".npy":
        layers = Layers(_stored(path), None, None)
    else:
        layers = raster.read(path, keep=keep)
    alpha = None if layers.alpha is None else np.ascontiguousarray(layers.alpha)
    return layers._replace(picture=supported(layers.picture), alpha=alpha)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a decoder raises becomes an UnreadableError; its warnings stay off the terminal."""
    for name in LOUD:
        getLogger(name).setLevel(CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not path.is_file():
                raise ValueError("there is no such file; check the name")
            yield
    except UnidentifiedImageError as error:
        reason = f"it is none of {', '.join(raster.FORMATS)}, TIFF or .npy; convert or remove it"
        raise UnreadableError(f"cannot read {path}: {reason}") from error
    except Image.DecompressionBombError as error:  # Pillow's limit is twice ours
        reason = f"it has more than {PIXELS:,} pixels; scale it down first"
        raise UnreadableError(f"cannot read {path}: {reason}") from error
    except Exception as error:  # damaged files raise of every kind: struct.error, SyntaxError, ...
        text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        reason = " ".join(text.split()).rstrip(".") or type(error).__name__
        hint = "" if ";" in reason else "; replace or remove the file"
        raise UnreadableError(f"cannot read {path}: {reason}{hint}") from error


def _stored(path: Path) -> Picture:
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(array, np.ndarray) or array.ndim not in (2, 3):
        raise ValueError("it is not one array (height, width) or (height, width, channels)")
    picture = np.atleast_3d(array)
    check_pixels(picture.shape[1], picture.shape[0], picture.shape[2])
    return picture
