"""Classes: what the pixels of a label map stand for, by colour or by number."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.palette import Palette
from img2img.encodings.labels import nearest
from img2img.images import Labels, Picture

FAR = 64  # levels of 255: JPEG moves colours less, but for thin lines


class Segmenter(NamedTuple):
    """What tells the classes of a photo's pixels."""

    label: Callable[[Picture], NDArray[np.int64]]
    """A picture (H, W, C) to its labels (H, W)."""
    told: str
    """What it is, for the record."""
    classes: int | None = None
    """How many classes it knows, where that is known."""


class Classes(NamedTuple):
    """K classes, and how the pixels of a label map tell them."""

    names: tuple[str, ...]
    label: Callable[[Picture], NDArray[np.int64]]
    """A picture (H, W, C) to its labels (H, W)."""
    told: str
    """What a pixel tells its class by."""
    ignore: int | None = None
    """The label whose pixels in the real picture do not count."""
    show: Callable[[Picture], NDArray[np.uint8]] | None = None
    """A label map for the eye, RGB, numbers of no class in black; None: it is in colours itself."""
    segmenter: Segmenter | None = None
    """What tells the classes of fakes that are photos, looking at hidden pixels too; None: they are
    label maps as well."""

    stray: Callable[[Picture], float] | None = None
    """The share of a label map's pixels that are like no class, and may be of another palette."""

    def of_fake(self, fake: Picture) -> NDArray[np.int64]:
        """The labels (H, W) of a picture (H, W, C) that is judged."""
        return (self.label if self.segmenter is None else self.segmenter.label)(fake)


def coloured(palette: Palette, ignore: int | None = None) -> Classes:
    """The classes of a palette, each pixel of the nearest colour's.

    Raises:
        ValueError: `ignore` is none of them.
    """
    count = len(palette.names)
    if ignore is not None and not 0 <= ignore < count:
        raise ValueError(f"the palette has no class {ignore} to ignore; choose 0 to {count - 1}")
    label = partial(_coloured, palette)
    stray = partial(_stray, palette)
    return Classes(palette.names, label, "nearest palette colour", ignore, stray=stray)


def indexed(count: int, ignore: int | None = None) -> Classes:
    """The classes 0 to `count` - 1, which gray pixels hold as they are; `ignore` may lie beyond.

    Raises:
        ValueError: fewer than 2 classes, or a negative label to ignore.
    """
    if count < 2:
        raise ValueError(f"{count} classes cannot be told apart; give 2 or more")
    return _numbered(Labels(names=tuple(str(label) for label in range(count))), ignore)


def encoded(labels: Labels, ignore: int | None = None) -> Classes:
    """The classes of pictures with this encoding, which says what to ignore unless given.

    Raises:
        ValueError: `ignore` is no class of the palette, or negative.
    """
    ignore = labels.ignore if ignore is None else ignore
    if labels.palette is None:
        return _numbered(labels, ignore)
    return coloured(Palette(labels.names, np.array(labels.palette, np.uint8)), ignore)


def segmented(classes: Classes, segmenter: Segmenter) -> Classes:
    """The same classes, those of fakes told by a segmenter.

    Raises:
        ValueError: it is known to tell others apart.
    """
    if segmenter.classes not in (None, len(classes.names)):
        raise ValueError(
            f"{segmenter.told} tells {segmenter.classes} classes apart, but the real pictures have"
            f" {len(classes.names)}; give the palette or the number of its classes"
        )
    told = f"{segmenter.told} for fakes and {classes.told} for real pictures"
    return classes._replace(told=told, segmenter=segmenter)


def _numbered(labels: Labels, ignore: int | None) -> Classes:
    if ignore is not None and ignore < 0:
        raise ValueError(f"no pixel holds the label {ignore} to ignore; give one from 0")
    return Classes(labels.names, _indexed, "pixel value", ignore, partial(_shown, labels))


def _shown(labels: Labels, picture: Picture) -> NDArray[np.uint8]:
    gray = picture[..., :1]
    return np.where(gray < len(labels.names), labels.show(gray), np.uint8(0))


def _coloured(palette: Palette, picture: Picture) -> NDArray[np.int64]:
    if picture.dtype != np.uint8 or picture.shape[2] != 3:
        kind = f"{picture.dtype} in {picture.shape[2]} channels"
        raise ValueError(f"palettes are for uint8 in 3 channels, not {kind}; convert the picture")
    return nearest(picture, palette.colours)


def _stray(palette: Palette, picture: Picture) -> float:
    """Of the pixels whose colour is far from that of their class."""
    colours = palette.colours[_coloured(palette, picture)].astype(np.int64)
    far = ((picture.astype(np.int64) - colours) ** 2).sum(axis=2) > FAR**2
    return float(far.mean())


def _indexed(picture: Picture) -> NDArray[np.int64]:
    gray = picture[..., :1]
    if picture.dtype.kind == "f" or not (picture == gray).all():
        kind = f"{picture.dtype} in {picture.shape[2]} channels"
        raise ValueError(f"labels are whole numbers in gray, not {kind}; give a palette")
    return gray[..., 0].astype(np.int64)
