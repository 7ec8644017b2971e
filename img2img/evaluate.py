"""evaluate: how far pictures are from those they should be."""

from collections.abc import Mapping, Sequence
from functools import reduce
from json import dumps
from math import inf, isnan
from operator import add
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img import files, images
from img2img.base.metrics.confusion import class_iou
from img2img.base.metrics.differences import check_pair
from img2img.base.metrics.palette import Palette, load
from img2img.base.metrics.table import Metric, choose
from img2img.couples import Couple, Match, couples
from img2img.images import Picture

PROTOCOLS = {"rgb": {"name": "rgb", "colour_space": "RGB", "range": [0, 255], "border": 0}}
INFINITE = "\0infinite"  # stands for what JSON cannot say; no file name holds a NUL


class Report(NamedTuple):
    """What was measured."""

    metrics: dict[str, dict[str, Any]]
    """name -> value, protocol, and for iou the classes' own (nan: in no picture)."""
    rows: list[dict[str, Any]]
    """The name of each couple and its own metrics."""
    unmatched: list[str]
    """Files without a partner, which were left out."""

    def json(self) -> str:
        """The report as strict JSON: what is infinite reads 1e999, what is undefined null."""
        document = {"metrics": self.metrics, "files": self.rows, "unmatched": self.unmatched}
        text = dumps(_strict(document), indent=2, allow_nan=False)
        return text.replace(dumps(INFINITE), "1e999") + "\n"


def evaluate(
    fake: str | Path,
    real: str | Path | None = None,
    *,
    metrics: Sequence[str] = ("l1", "psnr", "ssim"),
    protocol: str = "rgb",
    match: Match = "name",
    palette: str | Path | None = None,
    split: str | None = None,
    json: str | Path | None = None,
    sheet: str | Path | None = None,
) -> Report:
    """Compare a folder of pictures with the folder of those they should be.

    Args:
        fake: the pictures to judge, or a results folder of the reference implementation.
        real: what they should be, matched as `couples` says.
        metrics: their names; the first ranks the pictures of the sheet.
        protocol: `rgb`: 8-bit RGB, gray repeated, to the border.
        match: by `name` or by `order`.
        palette: a file of class colours, or `builtin:town`, for accuracy and iou; adds both if
            neither is among `metrics`.
        split: where the pictures come from, for the record.
        json: where to write the report.
        sheet: where to draw the four worst and the four best.

    Raises:
        ValueError: one sentence on the folder, file, size or name that is wrong.
    """
    chosen, facts, classes = asked(metrics, protocol, palette)
    pairs, unmatched = couples(Path(fake), None if real is None else Path(real), match)
    facts |= {"match": match, "split": split, "unmatched": len(unmatched)}
    report = judge(pairs, chosen, facts, classes)._replace(unmatched=unmatched)
    keep(report, pairs, chosen, json=json, sheet=sheet)
    return report


def asked(
    metrics: Sequence[str], protocol: str, palette: str | Path | None
) -> tuple[dict[str, Metric], dict[str, Any], Palette | None]:
    """The metrics, what the protocol says of each, and the classes, if any.

    Raises:
        ValueError: one of them is unknown.
    """
    classes = None if palette is None else load(palette_file(str(palette)))
    if classes and not {"accuracy", "iou"} & set(metrics):
        metrics = (*metrics, "accuracy", "iou")
    if protocol not in PROTOCOLS:
        raise ValueError(f"unknown protocol {protocol!r}; choose from {', '.join(PROTOCOLS)}")
    return choose(metrics, classes), dict(PROTOCOLS[protocol]), classes


def keep(
    report: Report,
    pairs: Sequence[Couple],
    metrics: Mapping[str, Metric],
    *,
    json: str | Path | None,
    sheet: str | Path | None,
) -> None:
    """Write what is asked for."""
    if json is not None:
        files.write(Path(json), report.json().encode())
    if sheet is not None:
        images.write(Path(sheet), extremes(pairs, report, metrics))


def judge(
    pairs: Sequence[Couple],
    metrics: Mapping[str, Metric],
    facts: Mapping[str, Any],
    palette: Palette | None = None,
) -> Report:
    """Measure couples wherever they come from; `facts` are the protocol that stands by each value.

    Raises:
        ValueError: pictures that cannot be compared, by the couple's name.
    """
    states: dict[str, list[Any]] = {name: [] for name in metrics}
    for pair in pairs:
        fake, real = _comparable(pair)
        for name, metric in metrics.items():
            try:
                states[name].append(metric.state(fake, real))
            except ValueError as error:
                raise ValueError(f"{pair.name}: {error}") from error
    totals = {name: reduce(add, each) for name, each in states.items()}
    entries: dict[str, dict[str, Any]] = {}
    for name, total in totals.items():
        protocol = {**facts, "files": len(pairs), "definition": metrics[name].definition}
        entries[name] = {"value": metrics[name].finish(total), "protocol": protocol}
    if palette and "iou" in entries:
        shares = class_iou(totals["iou"]).tolist()
        entries["iou"]["classes"] = dict(zip(palette.names, shares, strict=True))
    rows = [
        {"name": pair.name} | {name: metrics[name].finish(states[name][i]) for name in metrics}
        for i, pair in enumerate(pairs)
    ]
    return Report(entries, rows, [])


def extremes(
    pairs: Sequence[Couple], report: Report, metrics: Mapping[str, Metric], count: int = 4
) -> NDArray[np.uint8]:
    """A sheet of the worst and the best by the first metric: fake, real and their difference."""
    name, metric = next(iter(metrics.items()))
    values = [row[name] for row in report.rows]
    ranked = sorted(range(len(pairs)), key=lambda i: values[i], reverse=not metric.rises)
    worst, best = ranked[:count], ranked[count:][-count:][::-1]
    chosen = [("worst", i) for i in worst] + [("best", i) for i in best]
    rows, notes = [], []
    for kind, i in chosen:
        fake, real = _comparable(pairs[i])
        difference = np.abs(fake.astype(np.int16) - real).astype(np.uint8)
        rows.append([fake, real, difference])
        notes.append(f"{kind}: {name} {values[i]:.4g}  {pairs[i].name}")
    return images.grid(rows, ["fake", "real", "difference"], notes)


def _comparable(pair: Couple) -> tuple[Picture, Picture]:
    """Both pictures as uint8 RGB of one size."""
    fake, real = pair.fake(), pair.real()
    try:
        fake, real = images.to_channels(fake, 3), images.to_channels(real, 3)
        check_pair(fake, real)
    except ValueError as error:
        raise ValueError(f"{pair.name}: {error}") from error
    return fake, real


def palette_file(name: str) -> Path:
    """The file of that name, or a built-in set's: builtin:town."""
    kind, colon, built_in = name.partition(":")
    inside = kind == "builtin" and colon
    path = files.builtin(built_in) / "palette.txt" if inside else Path(name)
    if not path.is_file():
        raise ValueError(f"there is no palette {path}; give a file of lines `red green blue name`")
    return path


def _strict(value: Any) -> Any:
    """The same document without numbers that JSON does not know."""
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_strict(item) for item in value]
    if isinstance(value, float) and isnan(value):
        return None
    return INFINITE if value == inf else value
