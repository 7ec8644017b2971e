"""What the samples of a TIFF page mean: gray, inverted gray, RGB, palette, inks, alpha."""

from typing import Any

import numpy as np
from PIL import Image

from img2img.formats.alpha import unmixed
from img2img.formats.pixels import Layers, Picture, as_dtype, supported, top, widened
from img2img.formats.profiles import fits, settled

GRAY = ("MINISBLACK", "MINISWHITE")
RGB = ("PALETTE", "SEPARATED", "YCBCR", "CIELAB")  # become three channels
KINDS = (*GRAY, "RGB", *RGB)
PLAIN = ("NONE", "LZW", "ADOBE_DEFLATE", "DEFLATE", "PACKBITS", "ZSTD", "LZMA")
ASSOCIATED, UNASSOCIATED = 1, 2  # alpha the colours are multiplied by already, or not
PROFILE = 34675  # the tag


def layers(samples: Picture, page: Any, *, keep: bool) -> Layers:
    """The layers of (H, W, samples) that a page describes."""
    at, profile = _alpha_at(page), page.tags.valueof(PROFILE)
    colours = samples if at is None else np.delete(samples, at, axis=2)
    picture, profile = _coloured(colours, page, profile, keep=keep)
    if at is None:
        return Layers(picture, None, profile)
    alpha = _alpha(samples[..., at, None], page.bitspersample, picture.dtype)
    premultiplied = page.extrasamples[_first_alpha(page)] == ASSOCIATED
    return Layers(unmixed(picture, alpha) if premultiplied else picture, alpha, profile)


def channels(samples: int, page: Any) -> int:
    """How many of them `layers` makes of a page."""
    if page.photometric.name in RGB:
        return 3
    return samples - (_alpha_at(page) is not None)


def _coloured(
    samples: Picture, page: Any, profile: bytes | None, *, keep: bool
) -> tuple[Picture, bytes | None]:
    kind, bits = page.photometric.name, page.bitspersample
    if kind == "PALETTE":
        samples = _looked_up(samples, page.colormap)
    elif kind == "SEPARATED":
        return _without_ink(samples, profile)
    elif kind == "MINISWHITE":
        samples = _inverted(samples, bits)
    picture = supported(samples if kind == "PALETTE" else widened(samples, bits))
    if picture.dtype == np.uint8 and picture.shape[2] in (1, 3):
        image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
        return settled(image, profile, keep=keep)
    return picture, profile if fits(profile, picture.shape[2]) else None


def _looked_up(indices: Picture, colormap: Picture | None) -> Picture:
    """(H, W, 3) uint8 from a table (3, entries) of 16 bits, or of 8 as some write it."""
    if colormap is None or indices.shape[2] != 1:
        raise ValueError("its palette is missing or for several pages; save it as one RGB page")
    table = colormap >> 8 if colormap.max() > 255 else colormap
    return np.moveaxis(table[:, indices[..., 0]], 0, 2).astype(np.uint8)


def _without_ink(inks: Picture, profile: bytes | None) -> tuple[Picture, bytes | None]:
    """CMYK as sRGB; in 16 bits, where profiles are not understood, (1 - ink) * (1 - black)."""
    if inks.shape[2] != 4 or inks.dtype.name not in ("uint8", "uint16"):
        kind = f"{inks.shape[2]} inks of {inks.dtype}"
        raise ValueError(f"it is {kind}; save it as CMYK of 8 or 16 bits, or as RGB")
    if inks.dtype == np.uint8:
        image = Image.frombytes("CMYK", inks.shape[1::-1], inks.tobytes())
        return settled(image, profile, keep=False)
    light = 65535 - inks[..., 3:].astype(np.uint32)
    absorbed = (inks[..., :3] * light + 32767) // 65535
    return (light - absorbed).astype(np.uint16), None


def _inverted(samples: Picture, bits: int) -> Picture:
    if samples.dtype.kind not in "bu":
        kind = f"{samples.dtype} that counts down from white"
        raise ValueError(f"its pixels are {kind}; save them as MINISBLACK")
    return ~samples if samples.dtype.kind == "b" else np.asarray(2**bits - 1 - samples)


def _alpha(samples: Picture, bits: int, dtype: np.dtype[Any]) -> Picture:
    """Alpha of any depth as that of `dtype`: 0 to its white."""
    share = samples if samples.dtype.kind == "f" else samples / (2**bits - 1)
    return as_dtype(np.clip(np.nan_to_num(share), 0, 1) * top(dtype), dtype)


def _first_alpha(page: Any) -> int | None:
    kinds = [int(kind) for kind in page.extrasamples]
    return next((i for i, kind in enumerate(kinds) if kind in (ASSOCIATED, UNASSOCIATED)), None)


def _alpha_at(page: Any) -> int | None:
    """Which sample is alpha: the first that is called so."""
    first = _first_alpha(page)
    if first is None or page.samplesperpixel == 1:
        return None
    return int(page.samplesperpixel) - len(page.extrasamples) + first
