"""Picture files: which formats are read and written, and how each becomes an array.

Decoders meet strangers' files here, so whatever they raise becomes one sentence.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from os import walk
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from img2img import files
from img2img.formats import tiff
from img2img.formats.pixels import (
    ORIENTATION,
    PIXELS,
    Picture,
    check_pixels,
    squeezed,
    supported,
    upright,
)

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "PPM")  # all that Pillow may try; MPO is a JPEG
WRITTEN = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".bmp": "BMP"}
HELD = {".png": {("uint8", 1), ("uint8", 3), ("uint16", 1)}}  # the others hold 8 bit alone
TIFF = frozenset({".tif", ".tiff"})
SUFFIXES = tuple(sorted(WRITTEN.keys() | {".gif", ".ppm", ".pgm", ".npy"} | TIFF))


class UnreadableError(ValueError):
    """A picture file that cannot be used: names the file, what is wrong, and what to do."""


def read(path: Path) -> Picture:
    """The picture in a file, upright, (H, W, C) at the file's own bit depth.

    Palettes and CMYK become RGB. What is transparent shows white, never the colours hidden beneath.
    Of several frames the first is read.

    Raises:
        UnreadableError: not a picture, truncated, too large, or of a kind that would lose bits.
    """
    path = Path(path)
    with _reading(path):
        if path.suffix.lower() == ".npy":
            picture = _stored(path)
        elif path.suffix.lower() in TIFF:
            picture = tiff.read(path)
        else:
            with _open(path) as image:
                image.load()
                picture = upright(_opaque(image), _orientation(image))
        return supported(picture)


def size(path: Path) -> tuple[int, int, int]:
    """(width, height, channels) of what `read` returns, from the header alone.

    Raises:
        UnreadableError: as `read`, as far as a header can tell.
    """
    path = Path(path)
    with _reading(path):
        if path.suffix.lower() == ".npy":
            height, width, channels = _stored(path).shape
        elif path.suffix.lower() in TIFF:
            height, width, channels = tiff.shape(path)
        else:
            with _open(path) as image:
                gray = image.mode in ("1", "L", "LA", "F") or image.mode.startswith("I")
                (width, height), channels = image.size, 1 if gray else 3
                if _orientation(image) >= 5:
                    width, height = height, width
        return width, height, channels


def write(path: Path, picture: Picture) -> None:
    """Write a picture atomically, in the format its suffix names.

    PNG holds uint8 gray and RGB and uint16 gray; JPEG and WebP (quality 95) and BMP hold uint8 gray
    and RGB; TIFF and .npy hold everything.

    Raises:
        ValueError: the format is not written, or would change the bit depth or the channels.
        OSError: names `path`; no space left, no permission.
    """
    path, buffer = Path(path), BytesIO()
    suffix, channels, dtype = path.suffix.lower(), picture.shape[2], picture.dtype.name
    if suffix == ".npy":
        np.save(buffer, picture)
    elif suffix in TIFF:
        tiff.write(buffer, picture)
    elif suffix not in WRITTEN:
        raise ValueError(f"cannot write {path}; end its name in {', '.join(WRITTEN)}, .tif or .npy")
    elif (dtype, channels) not in HELD.get(suffix, {("uint8", 1), ("uint8", 3)}):
        kind = f"{dtype} in {channels} channels"
        raise ValueError(f"cannot write {path}: {suffix} does not hold {kind}; use .tif or .npy")
    else:
        options = {"compress_level": 1} if suffix == ".png" else {"quality": 95}
        Image.fromarray(squeezed(picture)).save(buffer, WRITTEN[suffix], **options)
    files.write(path, buffer.getvalue())


def find(root: Path) -> list[Path]:
    """Every picture file below `root`, in natural order; hidden files and folders are passed over.

    Raises:
        ValueError: `root` is not a folder.
    """
    root = Path(root)
    if not root.is_dir():
        raise ValueError(f"{root} is not a folder; give a folder of pictures")
    found: list[Path] = []
    for folder, folders, names in walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(folder, name) for name in names if not name.startswith("."))
        found += [path for path in paths if path.suffix.lower() in SUFFIXES]
    return sorted(found, key=lambda path: natural(path.relative_to(root)))


def natural(path: str | Path) -> list[tuple[list[str | int], str]]:
    """A sorting key under which 2 comes before 10, folder by folder."""
    # re.split alternates text and digits, so that text is only ever compared with text
    halves = [(re.split("([0-9]+)", part.casefold()), part) for part in Path(path).parts]
    return [([int(t) if i % 2 else t for i, t in enumerate(ts)], part) for ts, part in halves]


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a decoder raises becomes an UnreadableError; its warnings stay off the terminal."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if not path.is_file():
                raise ValueError("there is no such file; check the name")
            yield
    except UnidentifiedImageError as error:
        reason = f"it is none of {', '.join(FORMATS)}, TIFF or .npy; convert or remove it"
        raise UnreadableError(f"cannot read {path}: {reason}") from error
    except Image.DecompressionBombError as error:  # Pillow's limit is twice ours
        reason = f"it has more than {PIXELS:,} pixels; scale it down first"
        raise UnreadableError(f"cannot read {path}: {reason}") from error
    except Exception as error:  # damaged files raise of every kind: struct.error, SyntaxError, ...
        text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        reason = " ".join(text.split()).rstrip(".") or type(error).__name__
        hint = "" if ";" in reason else "; replace or remove the file"
        raise UnreadableError(f"cannot read {path}: {reason}{hint}") from error


@contextmanager
def _open(path: Path) -> Iterator[Image.Image]:
    with open(path, "rb") as file:
        header = file.read(26)
    with Image.open(path, formats=FORMATS) as image:
        check_pixels(*image.size)
        deep = (
            header.startswith(b"\x89PNG") and header[24] == 16 and header[25] != 0
        )  # IHDR: colour
        if image.format == "PPM" and image.mode == "RGB":
            deep = isinstance(image.tile[0].args, tuple) and image.tile[0].args[1] > 255
        if deep:  # Pillow decodes these to 8 bit without a word
            raise ValueError("16-bit colour is not read from this format; save it as 16-bit TIFF")
        yield image


def _opaque(image: Image.Image) -> Picture:
    """The pixels of an open image over white, (H, W, C)."""
    if image.mode.startswith("I"):
        return np.asarray(image).astype(np.uint16)[..., None]
    if image.mode == "F":
        return np.asarray(image)[..., None]
    gray = image.mode in ("1", "L", "LA")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return np.atleast_3d(np.asarray(image.convert("L" if gray else "RGB")))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # a broken note about a picture does not spoil the picture
        return 1


def _stored(path: Path) -> Picture:
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    if not isinstance(array, np.ndarray) or array.ndim not in (2, 3):
        raise ValueError("it is not one array (height, width) or (height, width, channels)")
    check_pixels(array.shape[1], array.shape[0])
    return np.atleast_3d(array)
