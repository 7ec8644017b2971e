"""compare: two reports side by side, as far as both were measured by one protocol."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from img2img.inquiry import listed
from img2img.judging import strict_json

FREE = {
    "run",
    "direction",
    "size",
    "lr",
    "match",
    "unmatched",
    "mask",
    "nodata",
    "split",
    "version",
    "scale_of_input",
    "batch_norm",
    "dropout",
}
"""What may differ: it tells what was measured, or leads to the real pictures and the pixels of them
that count, which a digest tells for certain."""


class Pair(NamedTuple):
    """A metric of two reports."""

    name: str
    values: tuple[float, float]

    @property
    def difference(self) -> float:
        """Of the second to the first."""
        first, second = self.values
        return 0.0 if first == second else second - first  # both may be infinite


class Comparison(NamedTuple):
    """What two reports have in common."""

    pairs: list[Pair]
    only: tuple[list[str], list[str]]
    """What one of them lacks, by the report that has it."""
    versions: tuple[str, ...]
    """Of the program, where they differ."""

    def json(self) -> str:
        """As strict JSON."""
        rows = {it.name: {"values": it.values, "difference": it.difference} for it in self.pairs}
        return strict_json({"metrics": rows, "only": self.only, "versions": self.versions})


def compare(
    first: str | Path, second: str | Path, *, metrics: Sequence[str] | str | None = None
) -> Comparison:
    """The metrics of two reports that `evaluate --json` wrote: those named, or all they share.

    Raises:
        ValueError: a file is no report, they share no metric, or one was measured by two protocols,
            which makes of two numbers nothing that can be compared.
    """
    reports = [read(Path(first)), read(Path(second))]
    names = [name for name in reports[0] if name in reports[1]]
    if metrics is None and not names:
        raise ValueError(f"{first} and {second} share no metric; measure both by the same")
    asked = listed(metrics) if isinstance(metrics, str) else metrics
    names = names if asked is None else list(dict.fromkeys(asked))
    if not names:
        raise ValueError("no metric is named; name some by --metrics, or leave it out")
    for path, report in zip((first, second), reports, strict=True):
        if missing := [name for name in names if name not in report]:
            raise ValueError(f"{path} has no {missing[0]}; it has {', '.join(report)}")
    for name in names:
        if differ := differences(*(report[name]["protocol"] for report in reports)):
            raise ValueError(
                f"{name} was measured by two protocols ({'; '.join(differ)}), and cannot be"
                " compared; measure both alike, or name others by --metrics"
            )
    pairs = [Pair(name, (number(reports[0][name]), number(reports[1][name]))) for name in names]
    only = [[name for name in one if name not in other] for one, other in (reports, reports[::-1])]
    versions = sorted(
        {str(it[name]["protocol"].get("version")) for it in reports for name in names}
    )
    return Comparison(pairs, (only[0], only[1]), tuple(versions if len(versions) > 1 else ()))


def read(path: Path) -> dict[str, Any]:
    """The metrics of a report.

    Raises:
        ValueError: the file is none.
    """
    if not path.is_file():
        raise ValueError(f"there is no report {path}; give a file that `evaluate --json` wrote")
    try:
        metrics = json.loads(path.read_bytes())["metrics"]
        for entry in metrics.values():
            number(entry), entry["protocol"].keys()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is no report of evaluate; write one by --json") from error
    return dict(metrics)


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """What two protocols do not agree on, beyond what may differ."""
    keys = [key for key in {**one, **other} if key not in FREE]
    return [
        f"{key} {one.get(key)} and {other.get(key)}"
        for key in keys
        if one.get(key) != other.get(key)
    ]


def number(entry: dict[str, Any]) -> float:
    """A value; what is undefined was written as null."""
    value = entry["value"]
    return float("nan") if value is None else float(value)
