"""How the pictures of a side are read: what is asked for, else what is found in them."""

from collections.abc import Iterator, Sequence

import numpy as np

from img2img.base.metrics.palette import find, load
from img2img.config import Side, UsageError
from img2img.data.samples import Pictures
from img2img.data.values import Values, range_of
from img2img.images import Encoding, Labels, Levels, Picture

SAMPLE = 200  # pictures, evenly spread, that ranges and class shares are taken from
PERCENTILES = (0.5, 99.5)  # of floats beyond 0 to 1, unless others are asked for


def read_as(side: Side, found: Levels, pictures: Pictures, name: str) -> tuple[Encoding, list[str]]:
    """The encoding of the side called `name`, input or output, and what is to be said of it.

    Raises:
        UsageError: an option contradicts the pictures or another one.
    """
    if side.kind == "labels":
        return labels(side, found, name), []
    levels = with_channels(found, side.channels, name)
    nodata = side.nodata if side.nodata in (None, "nan") else float(side.nodata)
    low, high, notes = (*limits(side, levels, pictures, nodata, name),)
    facts = {**levels.model_dump(), "low": low, "high": high, "nodata": nodata}
    try:
        return Levels.model_validate(facts), notes
    except ValueError as error:
        reason = str(error).split("Value error, ")[-1].split(" [type=")[0]
        raise UsageError(f"--data.{name}: {reason}") from error


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
    side: Side, levels: Levels, pictures: Pictures, nodata: float | str | None, name: str
) -> tuple[Sequence[float], Sequence[float], list[str]]:
    """Low, high, and a note where they were found in the pictures."""
    given, percentiles = (side.low, side.high), side.percentiles
    if None not in given and not percentiles:
        return *given, []  # type: ignore[return-value]
    values = None
    if percentiles or levels.dtype == "float32":
        encoding = levels.model_copy(update={"nodata": nodata})
        values = sum((Values.of(it) for it in measured(pictures, encoding)), Values())
        inside = values.low.min() >= 0 and values.high.max() <= 1
        percentiles = percentiles or (None if inside else PERCENTILES)
    low, high = range_of(values, *percentiles) if percentiles else (levels.low, levels.high)
    low, high = side.low or tuple(low), side.high or tuple(high)
    shown = " to ".join(",".join(f"{end:.6g}" for end in ends) for ends in (low, high))
    said = f"{name} values from {shown}, percentiles {percentiles} of the training pictures"
    return low, high, [said] if percentiles else []


def measured(pictures: Pictures, encoding: Levels) -> Iterator[Picture]:
    """A sample of the pictures' visible pixels, each as (N, 1, C)."""
    for index in spread(len(pictures)):
        picture = pictures[index]
        counts = encoding.visible(picture)
        if counts is None:
            yield picture
        elif counts.any():
            yield picture[counts][:, None]


def class_shares(encoding: Labels, pictures: Pictures) -> list[float]:
    """The share of each class among the pixels that count, over a sample of the pictures."""
    counts = np.zeros(encoding.planes, np.int64)
    for index in spread(len(pictures)):
        found = encoding.classes(pictures[index])
        kept = found if encoding.ignore is None else found[found != encoding.ignore]
        counts += np.bincount(kept.ravel(), minlength=encoding.planes)
    return [float(share) for share in counts / max(1, counts.sum())]


def spread(count: int) -> range:
    """Numbers of at most SAMPLE pictures, evenly spread."""
    return range(0, count, max(1, count // SAMPLE))


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
