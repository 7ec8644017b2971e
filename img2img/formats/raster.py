"""What Pillow reads: JPEG, PNG, WebP, BMP, GIF and PPM, at their own bit depth."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from img2img.formats import png, profiles
from img2img.formats.pixels import ORIENTATION, Layers, Picture, check_pixels, upright

FORMATS = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "PPM")  # all that Pillow may try; MPO is a JPEG


def read(path: Path, *, keep: bool) -> Layers:
    """The first frame, upright; with `keep`, colours stay in the ICC profile of the file."""
    with _open(path) as image:
        white = _white(image)
        if white > 255:
            return Layers(_deep_ppm(image, path, white), None, None)
        deep = _is_deep_png(image, path)
        image.load()  # notes and damage may stand behind the pixels
        taken = _deep_png(image, path) if deep else layers(image, keep=keep)
        turn, alpha = orientation(image), taken.alpha
        alpha = None if alpha is None else upright(alpha, turn)
        return taken._replace(picture=upright(taken.picture, turn), alpha=alpha)


def shape(path: Path) -> tuple[int, int, int]:
    """(height, width, channels) of the picture that `read` returns."""
    with _open(path) as image:
        _white(image)
        gray = image.mode in ("1", "L", "LA", "F") or image.mode.startswith("I")
        gray = png.is_gray(path) if _is_deep_png(image, path) else gray
        turned = 5 <= orientation(image) <= 8
        height, width = image.size if turned else image.size[::-1]
        return height, width, 1 if gray else 3


def layers(image: Image.Image, *, keep: bool) -> Layers:
    """The layers of a loaded image of any mode, as it lies."""
    profile = image.info.get("icc_profile")
    if image.mode == "F" or image.mode.startswith("I"):
        pixels = np.asarray(image)[..., None]
        picture = pixels if image.mode == "F" else pixels.astype(np.uint16)
        return Layers(picture, None, profile if profiles.fits(profile, 1) else None)
    gray, alpha = image.mode in ("1", "L", "LA"), None
    if image.has_transparency_data:
        image = image.convert("RGBA")
        alpha = np.asarray(image.getchannel("A"))[..., None]
    if image.mode != "CMYK":
        image = image.convert("L" if gray else "RGB")
    picture, profile = profiles.settled(image, profile, keep=keep)
    return Layers(picture, alpha, profile)


def orientation(image: Image.Image) -> int:
    """The EXIF tag; 1, upright, where it is missing or broken."""
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # a broken note about a picture does not spoil the picture
        return 1


@contextmanager
def _open(path: Path) -> Iterator[ImageFile]:
    with Image.open(path, formats=FORMATS) as image:
        check_pixels(*image.size)
        yield image


def _is_deep_png(image: Image.Image, path: Path) -> bool:
    """Whether Pillow would drop bits or alpha; it reads 16-bit gray well."""
    if image.format != "PNG" or (image.mode == "I;16" and "transparency" not in image.info):
        return False
    return png.is_deep(path)


def _deep_png(image: Image.Image, path: Path) -> Layers:
    picture, alpha = png.read(path.read_bytes())
    profile = image.info.get("icc_profile")
    return Layers(picture, alpha, profile if profiles.fits(profile, picture.shape[2]) else None)


def _white(image: ImageFile) -> int:
    """The highest sample of a colour PPM, 255 of all else: beyond it Pillow drops bits."""
    if image.format != "PPM" or image.mode != "RGB":
        return 255
    args = image.tile[0].args
    if not isinstance(args, tuple):
        return 255
    if args[1] > 255 and image.tile[0].codec_name == "ppm_plain":
        raise ValueError("16-bit colour written as text is not read; save it as 16-bit PNG or TIFF")
    return int(args[1])


def _deep_ppm(image: ImageFile, path: Path, white: int) -> Picture:
    """Big-endian samples of any range, scaled to that of uint16 as Pillow does with gray."""
    (width, height), start = image.size, image.tile[0].offset
    samples = np.fromfile(path, ">u2", width * height * 3, offset=start)
    if samples.size < width * height * 3:
        raise ValueError("its pixels end too early; replace or remove the file")
    scaled = (samples.astype(np.uint64) * 65535 + white // 2) // white
    return np.minimum(scaled, 65535).astype(np.uint16).reshape(height, width, 3)
