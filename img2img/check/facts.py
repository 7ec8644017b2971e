"""Facts: counts, sizes, kinds and values of a data set, in lines."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from img2img.check.census import Census, Kind
from img2img.check.findings import SIDES
from img2img.data.folders import Layout
from img2img.data.looks import Look
from img2img.data.values import Values

CHANNELS = 8  # that are listed, the first
PERCENTS = (0.5, 50.0, 99.5)


def facts(census: Census, layout: Layout) -> Iterator[str]:
    """What there is, side by side."""
    yield "counts  " + ", ".join(
        f"{name} {len(split.A)}" + ("" if split.B is None else f" + {len(split.B)}")
        for name, split in layout.splits.items()
    )
    for side in SIDES:
        looks = [it.look for it in census.of(side, "train", "val").values() if it.look]
        if looks:
            yield f"{side:8}{sizes(looks)}; {kinds(looks)}"
        for kind, values in census.values.items():
            if kind[0] == side:
                yield from table(kind, values)


def sizes(looks: list[Look]) -> str:
    """The least, the commonest and the largest."""
    found = Counter((it.width, it.height) for it in looks)
    if len(found) == 1:
        ((width, height),) = found
        return f"{len(looks)} of {width} x {height}"
    (width, height), often = found.most_common(1)[0]
    least, largest = (end(found, key=lambda it: it[0] * it[1]) for end in (min, max))
    ends = " to ".join(f"{w} x {h}" for w, h in (least, largest))
    return f"{len(looks)} of {ends}, mostly {width} x {height} ({often})"


def kinds(looks: list[Look]) -> str:
    """Formats, depths and channels, the commonest first."""
    found = Counter((Path(it.name).suffix.lstrip("."), it.dtype, it.channels) for it in looks)
    words = [
        " ".join(filter(None, (suffix, dtype))) + f" in {channels} channel{'s' * (channels > 1)}"
        for (suffix, dtype, channels), _ in found.most_common()
    ]
    counts = [f" ({count})" * (len(found) > 1) for _, count in found.most_common()]
    return ", ".join(word + count for word, count in zip(words, counts, strict=True))


def table(kind: Kind, values: Values) -> Iterator[str]:
    """The range and the percentiles of each channel."""
    titles = ("channel", "least", *(f"{p:g} %" for p in PERCENTS), "greatest")
    yield "  " + "".join(f"{title:>12}" for title in titles) + f"   of {values.pictures}"
    percentiles = [values.percentile(percent) for percent in PERCENTS]
    columns = np.stack([values.low, *percentiles, values.high], axis=1)
    for channel, row in enumerate(columns[:CHANNELS]):
        shown = "".join(f"{value:>12.5g}" if np.isfinite(value) else f"{'-':>12}" for value in row)
        yield f"  {channel + 1:>12}{shown}"
    if len(columns) > CHANNELS:
        yield f"  {'...':>12} and {len(columns) - CHANNELS} more channels"
