"""album: the page of a report: its figures, its pictures and what they look like together."""

from collections.abc import Iterator, Mapping, Sequence
from math import isnan, nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.set_table import SETS
from img2img.base.metrics.span import Span, full
from img2img.extremes import difference, eyed, visible
from img2img.images import Picture
from img2img.judging import Report, compared
from img2img.material import Made, Material
from img2img.measuring import Measured
from img2img.nearness import Near, near
from img2img.page import Chart, Figure, Row, page

GAIN = 4  # of differences, which are dark as they are
MOST = 400  # pictures of a page, some 30 KB each
Shown = NDArray[np.uint8]


def album(measured: Measured, material: Material) -> str:
    """One HTML file that needs no other."""
    report, rises = measured.report, directions(measured)
    figures = [
        Figure(
            name, entry["value"], rises.get(name), interval_of(entry), entry["protocol"],
            notes_of(entry),
        )
        for name, entry in report.metrics.items()
    ]  # fmt: skip
    warnings = report.warnings
    beside = near(measured.found and measured.found.sets, material.ensembles)
    rank = ranking(report)
    shown = worst(report, material.names, rank, rises.get(rank or ""))
    if len(shown) < len(material.names):
        warnings.append(f"the {len(shown)} worst of {len(material.names)} pictures are shown")
    return page(
        title_of(material),
        [*figures, *beside.summary],
        rows(measured, material, beside, shown),
        charts(measured),
        rank=rank,
        warnings=warnings,
        facts={key: fact for key, fact in material.facts.items() if fact not in (None, 0)},
        skipped=report.skipped,
        difference=f"output and target subtracted channel by channel, times {GAIN}: black where"
        " equal; of classes, white where they differ",
    )


def title_of(material: Material) -> str:
    """What was compared."""
    facts = material.facts
    what = f"{Path(facts['run']).name}" if facts.get("run") else "Pictures"
    kinds = {"pairs": "and their targets", "unpaired": "and real pictures", "noise": "from noise"}
    return f"{what} {kinds[material.kind]}"


def directions(measured: Measured) -> dict[str, bool | None]:
    """Which way each figure is better."""
    paired = measured.comparison.metrics if measured.comparison else {}
    known: dict[str, bool | None] = {name: metric.rises for name, metric in SETS.items()}
    known |= {name: metric.rises for name, metric in paired.items()}
    return known | dict.fromkeys(("cycle", "identity", "reconstruction"), False)


def interval_of(entry: Mapping[str, Any]) -> tuple[float, float] | None:
    """Its bootstrap interval, where it has one."""
    found = entry.get("interval")
    return None if found is None else (float(found[0]), float(found[1]))


def notes_of(entry: Mapping[str, Any]) -> str:
    """What stands beside a figure, in a line."""
    known = {**entry.get("beside", {}), **entry.get("classes", {})}
    return ", ".join(f"{name} {value:.4g}" for name, value in known.items())


def ranking(report: Report) -> str | None:
    """The first metric that pictures have figures of."""
    there = {name for row in report.rows for name in row}
    return next((name for name in report.metrics if name in there), None)


def worst(report: Report, names: Sequence[str], rank: str | None, rises: bool | None) -> list[int]:
    """Which of the pictures of these names the page has room for, in their order."""
    if len(names) <= MOST:
        return [*range(len(names))]
    values = {row["name"]: row.get(rank, nan) for row in report.rows} if rank else {}
    sign = 1 if rises else -1
    badness = [sign * values.get(name, nan) for name in names]
    ranked = sorted(range(len(names)), key=lambda i: (isnan(badness[i]), badness[i]))
    return sorted(ranked[:MOST])


def rows(measured: Measured, material: Material, near: Near, shown: Sequence[int]) -> Iterator[Row]:
    """A row for each fake of these numbers, drawn when it is asked for."""
    figures = {row["name"]: {k: v for k, v in row.items() if k != "name"}
               for row in measured.report.rows}  # fmt: skip

    def show(made: Made) -> Shown:
        return colours(made(), measured.span)

    for i in shown:
        name = material.names[i]
        known = figures.get(name, {}) | near.figure(i)
        yield Row(name, known, pictures(measured, material, i), near.of(i, show))


def pictures(measured: Measured, material: Material, index: int) -> dict[str, Shown]:
    """What is shown of a fake."""
    if measured.comparison is None:
        assert material.ensembles is not None
        made = colours(material.ensembles.fakes[index](), measured.span)
        known = {"input": rgb(material.sources[index]())} if material.sources else {}
        return known | {"output": made}
    pair = material.pairs[index]
    shown = {} if pair.source is None else {"input": colours(pair.source(), None)}
    sides = compared(pair, measured.comparison.protocol)
    fake, real = eyed(sides, measured.comparison)
    apart = difference(sides, measured.comparison, gain=GAIN)
    return shown | {"output": rgb(fake), "target": rgb(real), "difference": rgb(apart)}


def colours(picture: Picture, span: Span | None) -> Shown:
    """For the eye, RGB, nan black; without a range all that integers hold, or what there is."""
    span = span or full(picture.dtype.name) or extent(picture)
    return rgb(visible(span.unit(picture)))


def extent(picture: Picture) -> Span:
    """From the lowest number to the highest."""
    finite = picture[np.isfinite(picture)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
    return Span(low, high if high > low else low + 1)


def rgb(picture: Shown) -> Shown:
    """(H, W, 3), of other channels than gray or RGB the first in gray."""
    seen = picture if picture.shape[2] in (1, 3) else picture[..., :1]
    return np.repeat(seen, 3, axis=2) if seen.shape[2] == 1 else seen


def charts(measured: Measured) -> list[Chart]:
    """The radial power spectra, where they were measured."""
    sets = measured.found.sets if measured.found else None
    if sets is None or "spectrum" not in sets.fake.states or "spectrum" not in sets.real.states:
        return []
    fake, real = sets.both("spectrum")
    series = {"real": real.curve, "fake": fake.curve}
    return [
        Chart("Radial power spectrum", "lines", series, "cycles per pixel", "decibel", log_x=True)
    ]
