"""TIFF: gray, RGB, or any number of channels, in 8, 16 or floating bits."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from logging import CRITICAL, getLogger
from pathlib import Path
from struct import unpack
from typing import Any

import numpy as np

from img2img.formats.pixels import ORIENTATION, Picture, as_dtype, check_pixels, squeezed, upright

AXES = ("YX", "YXS", "SYX", "CYX", "QYX", "IYX")  # tifffile's names; Q and I are pages
COLOURS = ("MINISBLACK", "MINISWHITE", "RGB")
PAGES, TAGS = 4096, 4096  # that one file may have
ASSOCIATED, UNASSOCIATED = 1, 2  # alpha the colours are multiplied by already, or not


def read(path: Path) -> Picture:
    """The picture, upright, over white where it is transparent."""
    with _open(path) as series:
        picture = _arranged(series.asarray(), series)
        if series.keyframe.photometric.name == "MINISWHITE":
            picture = ~picture
        return _over_white(picture, _alpha(series)) if _alpha(series) else picture


def shape(path: Path) -> tuple[int, int, int]:
    """(height, width, channels) of what `read` returns, from the header alone."""
    with _open(path) as series:
        stand_in = np.broadcast_to(np.uint8(0), series.shape)
        height, width, channels = _arranged(stand_in, series).shape
        return height, width, channels - bool(_alpha(series))


def write(buffer: BytesIO, picture: Picture) -> None:
    """Uncompressed; three channels are RGB, any other number has no meaning attached."""
    from tifffile import imwrite

    kind = "rgb" if picture.shape[2] == 3 else "minisblack"
    imwrite(buffer, squeezed(picture), photometric=kind, planarconfig="contig", metadata=None)


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    from tifffile import TiffFile

    getLogger("tifffile").setLevel(CRITICAL)  # it logs what it raises as well
    _check_chain(path)
    with TiffFile(path) as file:
        series = file.series[0]
        page, colours = series.keyframe, series.keyframe.photometric.name
        if series.axes not in AXES or colours not in COLOURS:
            kind = f"a TIFF with axes {series.axes} and colours {colours}"
            raise ValueError(f"it is {kind}; save it as one gray or RGB page")
        check_pixels(page.imagewidth, page.imagelength)
        yield series


def _check_chain(path: Path) -> None:
    """Raises ValueError where damage makes the list of pages endless: tifffile would follow it."""
    with open(path, "rb") as file:
        head = file.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        version = unpack(order + "H", head[2:4])[0] if order and len(head) == 16 else 0
        if version not in (42, 43):
            raise ValueError("not a TIFF file; convert or remove it")
        big = version == 43
        word, step, count = ("Q", 20, "Q") if big else ("I", 12, "H")
        offset = unpack(order + word, head[8:16] if big else head[4:8])[0]
        for _ in range(PAGES):
            if offset == 0:
                return
            file.seek(offset)
            tags = unpack(order + count, file.read(8 if big else 2))[0]
            if tags > TAGS:
                break
            file.seek(tags * step, 1)
            offset = unpack(order + word, file.read(8 if big else 4))[0]
    raise ValueError(f"it has more than {PAGES} pages or {TAGS} tags; replace or remove the file")


def _arranged(pixels: Picture, series: Any) -> Picture:
    """(H, W, C), upright; the channels may lie in planes or in pages of their own."""
    if pixels.ndim == 3 and series.axes.endswith("YX"):
        pixels = np.moveaxis(pixels, 0, 2)
    return upright(np.atleast_3d(pixels), series.keyframe.tags.valueof(ORIENTATION, 1))


def _alpha(series: Any) -> int:
    """How the last channel hides the others: 0, ASSOCIATED or UNASSOCIATED."""
    extra = [int(sample) for sample in series.keyframe.extrasamples]
    return extra[0] if extra in ([ASSOCIATED], [UNASSOCIATED]) else 0


def _over_white(picture: Picture, alpha: int) -> Picture:
    top = 1.0 if picture.dtype.kind == "f" else float(np.iinfo(picture.dtype).max)
    colour, share = picture[..., :-1].astype(np.float64), picture[..., -1:] / top
    if alpha == UNASSOCIATED:
        colour *= share
    return as_dtype(colour + top * (1 - share), picture.dtype)
