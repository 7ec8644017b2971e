"""Use: the encoding that each side would be trained in, and options that may suit it better."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np

from img2img.check.census import Census
from img2img.check.findings import SIDES, Finding, Level, Side
from img2img.config import Config
from img2img.config import Side as Options
from img2img.data.colours import LIMIT
from img2img.data.domain import Domain
from img2img.data.folders import Layout
from img2img.data.samples import Pictures
from img2img.data.shares import class_shares
from img2img.data.suggestions import suggested
from img2img.data.values import Values
from img2img.images import Encoding, Labels, Levels
from img2img.run.reading import read_as


class Use(NamedTuple):
    """How a side is read."""

    encoding: Encoding
    facts: list[str]
    findings: list[Finding]


def used(census: Census, layout: Layout, config: Config) -> dict[Side, Use]:
    """The use of each side of which a picture can be read."""
    found = {}
    for side in SIDES:
        commonest = kind(census, side)
        if commonest:
            found[side] = use(census, layout, config, side, *commonest)
    return found


def use(
    census: Census, layout: Layout, config: Config, side: Side, dtype: str, channels: int
) -> Use:
    """How a side, mostly of pictures of this kind, is read."""
    name = role(config, side)
    options: Options = getattr(config.data, name)
    encoding: Encoding
    encoding = levels = Levels.of(np.empty((1, 1, channels), dtype))
    notes: list[str] = []
    values = census.values.get((side, dtype, channels))
    findings = [*hints(census, side, name, options, values)]
    try:
        sound = readable(census, layout, side, dtype, channels)
        encoding, notes = read_as(options, levels, sound, name)
    except ValueError as error:
        findings.append(Finding("fault", str(error)))
    facts = [
        f"{name:8}{side} as {described(encoding)}",
        *(f"  by {note.partition(': ')[2]}" for note in notes),
    ]
    if isinstance(encoding, Labels) and side in census.classes:
        shares = class_shares(census.classes[side])
        each = zip(encoding.names, shares, strict=True)
        facts.append("  " + ", ".join(f"{label} {share:.2%}" for label, share in each))
    if isinstance(encoding, Labels) and encoding.palette and values is not None:
        before, after = len(values.colours.values), np.count_nonzero(census.classes[side])
        more = f"more than {LIMIT}" if values.colours.short else before
        facts.append(f"  {more} colours, of which the nearest of the palette make {after}")
    return Use(encoding, facts, findings)


def role(config: Config, side: Side) -> Literal["input", "output"]:
    """What a side is to the run."""
    return "input" if (side == "A") == (config.data.direction == "AtoB") else "output"


def kind(census: Census, side: Side) -> tuple[str, int] | None:
    """Depth and channels of most of a side's pictures, RGB if any of that depth is."""
    looks = [it.look for it in census.of(side, "train", "val").values() if it.look]
    if not looks:
        return None
    kinds = [(it.dtype, it.channels) for it in looks]
    [((dtype, channels), _)] = Counter(kinds).most_common(1)
    return dtype, 3 if channels == 1 and (dtype, 3) in kinds else channels


def readable(census: Census, layout: Layout, side: Side, dtype: str, channels: int) -> Pictures:
    """The training pictures of a side that are of one kind."""
    fitting = {channels, 1} if channels == 3 else {channels}
    pictures: Pictures = getattr(layout.splits["train"], side)
    if not isinstance(pictures, Domain):
        return pictures
    return pictures.of(
        place.index
        for place, it in census.of(side, "train").items()
        if it.look and it.look.dtype == dtype and it.look.channels in fitting
    )


def described(encoding: Encoding) -> str:
    """An encoding in a few words."""
    if isinstance(encoding, Labels):
        form = "colours" if encoding.palette else "numbers"
        ignored = "" if encoding.ignore is None else f", {encoding.ignore} ignored"
        return f"labels: {encoding.planes} classes by {form}{ignored}"
    low, high = (",".join(f"{end:g}" for end in ends) for ends in (encoding.low, encoding.high))
    nodata = "" if encoding.nodata is None else f", nodata {as_option(encoding.nodata)}"
    channels = f"{encoding.channels} channel{'s' * (encoding.channels > 1)}"
    return f"image: {channels} of {encoding.dtype} from {low} to {high}{nodata}"


def hints(
    census: Census, side: Side, name: str, options: Options, values: Values | None
) -> Iterator[Finding]:
    """Options that the values and the files ask for, if they are not given."""
    prefix, marks = f"--data.{name}", census.marks[side]
    for value, count in marks.items():
        if options.nodata is None:
            finding = f"{count} files of {side} carry GDAL_NODATA"
            yield Finding("hint", f"{finding}: {prefix}.nodata {as_option(value)}")
    given = {".nodata"} if marks or options.nodata is not None else set()
    given |= {".high"} if options.high or options.low or options.percentiles else set()
    if values is not None and len(values.counts) > 3:
        given.add(".high")  # amounts of different kinds have no range in common
    given |= {prefix} if options.kind == "labels" else set()
    for suggestion in suggested(values, prefix) if values is not None else ():
        level: Level = "hint" if suggestion.options else "warning"
        if not any(option in suggestion.options for option in given):
            yield Finding(level, f"{side}: {suggestion}")


def as_option(value: float | str) -> str:
    """A number as the command line takes it, to the last digit."""
    number = float(value)
    return f"{int(number)}" if number.is_integer() else repr(number)
