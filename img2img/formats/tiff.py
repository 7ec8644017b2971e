"""TIFF: gray, RGB, or any number of channels, however it lies in the file (by tifffile)."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from img2img.formats import chain, raster, samples
from img2img.formats.pixels import ORIENTATION, Layers, Picture, check_pixels, squeezed, upright

NODATA = 42113  # GDAL's tag: the value of pixels that were not measured


def read(path: Path, *, keep: bool) -> Layers:
    """The picture, upright; with `keep`, colours stay in the ICC profile of the file."""
    with _open(path) as series:
        if _is_pillows(series):
            with Image.open(path, formats=("TIFF",)) as image:
                image.load()  # turns it, too
                return raster.layers(image, keep=keep)
        page = series.keyframe
        taken = samples.layers(_arranged(series.asarray(), series.axes), page, keep=keep)
        turn, alpha = page.tags.valueof(ORIENTATION, 1), taken.alpha
        alpha = None if alpha is None else upright(alpha, turn)
        return taken._replace(picture=upright(taken.picture, turn), alpha=alpha)


def shape(path: Path) -> tuple[int, int, int]:
    """(height, width, channels) of the picture that `read` returns."""
    with _open(path) as series:
        turn = series.keyframe.tags.valueof(ORIENTATION, 1)
        height, width, count = upright(_stand_in(series), turn).shape
        return height, width, samples.channels(count, series.keyframe)


def nodata(path: Path) -> float | None:
    """GDAL_NODATA, which may be nan; None where the file says nothing."""
    with _open(path) as series:
        try:
            return float(str(series.keyframe.tags.valueof(NODATA)).strip("\0 "))
        except ValueError:
            return None


def write(buffer: BytesIO, picture: Picture, alpha: Picture | None, profile: bytes | None) -> None:
    """Uncompressed; three channels are RGB, any other number has no meaning attached."""
    from tifffile import imwrite

    count = picture.shape[2]
    kind, colours = ("rgb", 3) if count == 3 else ("minisblack", 1)
    extra = ["unspecified"] * (count - colours) + ["unassalpha"] * (alpha is not None)
    imwrite(
        buffer,
        squeezed(picture if alpha is None else np.concatenate([picture, alpha], axis=2)),
        photometric=kind,
        planarconfig="contig",
        extrasamples=extra or None,
        metadata=None,
        iccprofile=profile,
    )


@contextmanager
def _open(path: Path) -> Iterator[Any]:
    from tifffile import TiffFile

    chain.check(path)
    with TiffFile(path) as file:
        series = file.series[0]
        colours, extra = series.keyframe.photometric.name, _further(series.axes, series.shape)
        if "T" in extra:
            raise ValueError("it is a film of several frames; save each as a file of its own")
        if len(extra) > 1 or not {"Y", "X"} <= set(series.axes) or colours not in samples.KINDS:
            kind = f"a TIFF with axes {series.axes} and colours {colours}"
            raise ValueError(f"it is {kind}; save it as one page with one axis of channels")
        height, width, count = _stand_in(series).shape
        check_pixels(width, height, count)
        yield series


def _further(axes: str, shape: tuple[int, ...]) -> str:
    """The axes beside Y and X that are longer than 1."""
    return "".join(a for a, n in zip(axes, shape, strict=True) if a not in "YX" and n != 1)


def _arranged(pixels: Picture, axes: str) -> Picture:
    """(H, W, C); the channels may lie in planes, in pages, or in tifffile's S, C, Q, I, Z, ..."""
    extra = _further(axes, pixels.shape)
    short = tuple(i for i, a in enumerate(axes) if a not in "YX" + extra)
    pixels, axes = pixels.squeeze(short), "".join(a for a in axes if a in "YX" + extra)
    return np.moveaxis(pixels, axes.index(extra), 2) if extra else pixels[..., None]


def _stand_in(series: Any) -> Picture:
    return _arranged(np.broadcast_to(np.uint8(0), series.shape), series.axes)


def _is_pillows(series: Any) -> bool:
    """Whether tifffile hands out Y, Cb, Cr or L, a, b; within a JPEG it makes them RGB."""
    page = series.keyframe
    raw = page.photometric.name == "YCBCR" and page.compression.name in samples.PLAIN
    return raw or page.photometric.name == "CIELAB"
