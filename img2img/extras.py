"""Extras: the figures that take a run's networks, in a report."""

from collections.abc import Sequence
from typing import Any

from img2img.base.metrics.identity import Identity
from img2img.base.metrics.identity import told as pixels_of
from img2img.base.metrics.interval import TOLD as INTERVAL
from img2img.base.metrics.interval import interval
from img2img.base.metrics.mean import Mean
from img2img.judging import Report
from img2img.material import VERSION, Made, Material


def with_extras(
    report: Report, material: Material, names: Sequence[str] | None, seed: int
) -> Report:
    """The report with the figures that take networks.

    Raises:
        ValueError: one that was asked for has no meaning here.
    """
    if missing := [name for name in names or () if name not in material.extras]:
        raise ValueError(f"{missing[0]} is of a run that has it: two generators, or one from noise")
    metrics, rows = dict(report.metrics), {row["name"]: dict(row) for row in report.rows}
    skipped = dict(report.skipped)
    for name, extra in material.extras.items():
        if name not in (names if names is not None else [name] * extra.by_default):
            continue
        try:
            values = list(extra.values())
        except ValueError as error:
            if names is not None:
                raise ValueError(f"{name}: {error}") from error
            skipped[name] = str(error)
            continue
        told = {**material.facts, "seed": seed, "version": VERSION}
        told |= {"definition": extra.definition, "files": len(values), "undefined": 0}
        told |= identified(extra.pictures)
        metrics[name] = {"value": Mean.of(values).value, "protocol": told}
        if len(values) > 1:
            metrics[name] |= {"interval": list(interval(values))}
            told["interval"] = INTERVAL
        for row, value in zip(extra.names, values, strict=bool(extra.names)):
            rows.setdefault(row, {"name": row})[name] = value
    return report._replace(metrics=metrics, rows=list(rows.values()), skipped=skipped)


def identified(pictures: Sequence[Made]) -> dict[str, Any]:
    """Which pictures they are, as a protocol tells it."""
    identity = Identity.of([pixels_of(make()) for make in pictures])
    return {"resolutions": identity.resolutions, "reals_sha256": identity.sha256}
