"""How the pictures of a side are read: what is asked for, else what is found in them."""

from collections.abc import Sequence
from math import ceil
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from img2img.base.metrics.palette import find, load
from img2img.config import Side, UsageError
from img2img.data import sides
from img2img.data.samples import Pictures
from img2img.images import Encoding, Labels, Levels, Picture

SAMPLE = 200  # pictures, evenly spread, that ranges and class shares are taken from
PIXELS = 1 << 20  # pixels of them at the most
NARROW = 4  # values in less than this part of the range are little to learn from
PERCENTILES = (0.5, 99.5)  # of floats beyond 0 to 1, unless others are asked for


def read_as(
    side: Side, found: Levels, pictures: Pictures, name: str, *, masks: bool = True
) -> tuple[Encoding, list[str]]:
    """The encoding of the side called `name`, input or output, and what is to be said of it.

    Unless `masks`, those of the pictures are not theirs, but their partners'.

    Raises:
        UsageError: an option contradicts the pictures or another one.
    """
    check_options(side, name)
    if side.kind == "labels":
        return labels(side, found, name), []
    levels = with_channels(found, side.channels, name)
    nodata: float | Literal["nan"] | None = None
    if side.nodata is not None:
        nodata = "nan" if side.nodata == "nan" else float(side.nodata)
    try:
        levels = Levels.model_validate({**levels.model_dump(), "nodata": nodata})
        low, high, notes = limits(side, levels, pictures, name, masks=masks)
        return Levels.model_validate({**levels.model_dump(), "low": low, "high": high}), notes
    except ValidationError as error:
        reason = error.errors()[0]["msg"].removeprefix("Value error, ")
        raise UsageError(f"--data.{name}: {reason}") from error


def check_options(side: Side, name: str) -> None:
    """Raise UsageError for an option of the other kind: it would have no effect."""
    amounts, classes = ("channels", "low", "high", "percentiles", "nodata"), (
        "palette", "classes", "ignore",
    )  # fmt: skip
    for option in amounts if side.kind == "labels" else classes:
        if getattr(side, option) is not None:
            other = "image" if side.kind == "labels" else "labels"
            raise UsageError(
                f"--data.{name}.{option} is for pictures of the kind {other}; leave it out, or give"
                f" --data.{name}.kind {other}"
            )


def labels(side: Side, found: Levels, name: str) -> Labels:
    """Classes by colour or by number."""
    if (side.palette is None) == (side.classes is None):
        raise UsageError(
            f"--data.{name}.kind labels needs either a --data.{name}.palette, a file of lines"
            f" `red green blue name`, or how many --data.{name}.classes"
        )
    if found.dtype == "float32" or (side.palette and found.dtype != "uint8"):
        raise UsageError(
            f"--data.{name}.kind labels: the pictures are {found.dtype}; labels are uint8 colours,"
            " or uint8 or uint16 numbers"
        )
    if side.palette is None:
        if found.channels != 1:
            raise UsageError(
                f"--data.{name}.classes takes gray pictures of numbers, but these have"
                f" {found.channels} channels; give a --data.{name}.palette"
            )
        names = tuple(map(str, range(side.classes or 0)))
        return Labels(names=names, dtype=found.dtype, ignore=side.ignore)
    names, colours = load(find(side.palette))
    if side.ignore is not None and side.ignore >= len(names):
        raise UsageError(
            f"--data.{name}.ignore {side.ignore}: the palette has classes 0 to {len(names) - 1}"
        )
    palette = tuple((r, g, b) for r, g, b in colours.tolist())
    return Labels(names=names, palette=palette, ignore=side.ignore)


def limits(
    side: Side, levels: Levels, pictures: Pictures, name: str, *, masks: bool = True
) -> tuple[Sequence[float], Sequence[float], list[str]]:
    """Low, high, and a note where they were found in the pictures."""
    low, high, percentiles = side.low, side.high, side.percentiles
    if low is not None and high is not None:
        return low, high, []
    if not percentiles and levels.dtype == "uint8":
        return low or levels.low, high or levels.high, []
    pixels = sampled(pictures, levels, masks=masks)
    least, most = float(pixels.min()), float(pixels.max())
    if not percentiles and levels.dtype == "float32" and not 0 <= least <= most <= 1:
        percentiles = PERCENTILES
    if not percentiles:
        narrow = low is None and high is None and (most - least) * NARROW < levels.high[0]
        said = (
            f"{name} values from {least:g} to {most:g} are a small part of their range; spread"
            f" them by --data.{name}.percentiles 0.5 99.5, or --data.{name}.low and high"
        )
        return low or levels.low, high or levels.high, [said] if narrow else []
    found = np.percentile(pixels, percentiles, axis=0)
    low, high = (given or rounded(end) for given, end in zip((low, high), found, strict=True))
    shown = " to ".join(",".join(f"{end:g}" for end in ends) for ends in (low, high))
    between = f"{percentiles[0]:g} and {percentiles[1]:g}"
    return low, high, [f"{name} from {shown}: percentiles {between} of the training pictures"]


def rounded(ends: NDArray[np.floating[Any]]) -> tuple[float, ...]:
    """To six digits: what is printed is what holds."""
    return tuple(float(f"{end:.6g}") for end in ends)


def sampled(
    pictures: Pictures, encoding: Levels, *, masks: bool = True
) -> NDArray[np.floating[Any]]:
    """Pixels that count of some of the pictures, (N, C), finite.

    Raises:
        UsageError: none counts.
    """
    chosen = spread(len(pictures))
    found = []
    for index in chosen:
        pixels = counted(pictures, encoding, index, masks=masks)
        pixels = pixels[np.isfinite(pixels).all(1)]
        found.append(pixels[:: max(1, ceil(len(pixels) * len(chosen) / PIXELS))])
    whole = np.concatenate(found)
    if not len(whole):
        raise UsageError(f"no pixel of {len(chosen)} pictures holds data; check nodata and masks")
    return whole


def class_shares(encoding: Labels, pictures: Pictures) -> list[float]:
    """The share of each class among the pixels that count, over a sample of the pictures.

    Raises:
        UsageError: none counts.
    """
    counts = np.zeros(encoding.planes, np.int64)
    chosen = spread(len(pictures))
    for index in chosen:
        found = encoding.classes(counted(pictures, encoding, index)[None])
        counts += np.bincount(found.ravel(), minlength=encoding.planes)
    if not counts.any():
        raise UsageError(f"no pixel of {len(chosen)} pictures counts; check ignore and masks")
    return [float(share) for share in counts / counts.sum()]


def counted(pictures: Pictures, encoding: Encoding, index: int, *, masks: bool = True) -> Picture:
    """The pixels of picture `index` that count, (N, C)."""
    picture, mask = sides.Side(pictures, encoding).seen(index, masks=masks)
    if mask is None:
        return picture.picture.reshape(-1, encoding.channels)
    return picture.picture[mask.picture[..., 0] > 0]


def spread(count: int) -> range:
    """Numbers of at most SAMPLE pictures, evenly spread."""
    return range(0, count, max(1, ceil(count / SAMPLE)))


def with_channels(encoding: Levels, channels: int | None, name: str) -> Levels:
    """The encoding for another count of channels, if one is asked for.

    Raises:
        UsageError: the pictures cannot be read in so many.
    """
    if channels is None or channels == encoding.channels:
        return encoding
    if {channels, encoding.channels} != {1, 3}:
        possible = "1 or 3" if encoding.channels in (1, 3) else "none"
        raise UsageError(
            f"--data.{name}.channels {channels}: the pictures have {encoding.channels}, which can"
            f" become {possible}; leave the option out"
        )
    return encoding.model_copy(update={"channels": channels})
