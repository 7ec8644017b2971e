"""Picture files written: what each format holds, and how it becomes bytes."""

from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from img2img import files
from img2img.formats import png, tiff
from img2img.formats.alpha import over_white
from img2img.formats.names import TIFF, suffix
from img2img.formats.pixels import Picture, squeezed
from img2img.formats.profiles import fits

WRITTEN = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".webp": "WEBP", ".bmp": "BMP"}
TRANSPARENT = TIFF | {".png", ".webp"}  # the others show it over white
EVERYTHING = TIFF | {".npy"}


def holds(suffix: str, dtype: str, channels: int) -> bool:
    """Whether `write` keeps the bits and channels of such a picture in a format, ".png" say."""
    if suffix in EVERYTHING:
        return dtype in ("uint8", "uint16", "float32") and channels >= 1
    depths = ("uint8", "uint16") if suffix == ".png" else ("uint8",)
    return suffix in WRITTEN and dtype in depths and channels in (1, 3)


def write(
    path: Path, picture: Picture, *, alpha: Picture | None = None, profile: bytes | None = None
) -> None:
    """Write a picture (H, W, C) atomically, in the format its suffix names.

    PNG holds uint8 and uint16, gray and RGB; JPEG and WebP (quality 95) and BMP hold uint8 gray and
    RGB; TIFF and .npy hold everything. PNG, WebP and TIFF hold alpha, (H, W, 1) of the picture's
    dtype; in the others the picture lies over white. The ICC profile is embedded if it is one of
    as many channels, except in BMP and .npy.

    Raises:
        ValueError: the format is not written, or would change the bit depth or the channels; alpha
            of another dtype or size.
        OSError: names `path`; no space left, no permission.
    """
    path = Path(path)
    kind, dtype, channels = suffix(path), picture.dtype.name, picture.shape[2]
    if kind not in WRITTEN and kind not in EVERYTHING:
        raise ValueError(f"cannot write {path}; end its name in {', '.join(WRITTEN)}, .tif or .npy")
    if not holds(kind, dtype, channels):
        what = f"{kind} does not hold {dtype} in {channels} channels"
        raise ValueError(f"cannot write {path}: {what}; use .tif or .npy")
    if alpha is not None:
        _check_alpha(path, picture, alpha)
        if kind not in TRANSPARENT:
            picture, alpha = over_white(picture, alpha), None
    profile = profile if fits(profile, channels) else None
    files.write(path, _encoded(kind, picture, alpha, profile))


def _encoded(kind: str, picture: Picture, alpha: Picture | None, profile: bytes | None) -> bytes:
    buffer = BytesIO()
    layers = picture if alpha is None else np.concatenate([picture, alpha], axis=2)
    if kind == ".npy":
        np.save(buffer, picture)
    elif kind in TIFF:
        tiff.write(buffer, picture, alpha, profile)
    elif picture.dtype == np.uint16:
        png.write(buffer, layers, profile)
    else:
        speed = {"compress_level": 1} if kind == ".png" else {"quality": 95}
        _image(layers).save(buffer, WRITTEN[kind], icc_profile=profile, **speed)
    return buffer.getvalue()


def _image(layers: Picture) -> Image.Image:
    """An L, LA, RGB or RGBA image."""
    return Image.fromarray(squeezed(np.ascontiguousarray(layers)))


def _check_alpha(path: Path, picture: Picture, alpha: Picture) -> None:
    want = (*picture.shape[:2], 1)
    if alpha.shape != want or alpha.dtype != picture.dtype:
        kinds = f"alpha is {alpha.dtype} {alpha.shape}, not {picture.dtype} {want}"
        raise ValueError(f"cannot write {path}: {kinds}; resize or convert it with the picture")
