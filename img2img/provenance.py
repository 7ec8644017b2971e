"""Provenance: what stands in a folder of drawn pictures, and which weights drew it.

OUT/report.json lists it. What is not listed there, of the same weights and truncation, is never
taken for their work: it is replaced where that is allowed, else the call is refused.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from img2img import files

REPORT = "report.json"
OTHER = {"sha256": "other weights", "truncation": "another truncation"}
EXTRAS = ("interpolation", "arithmetic")
WAYS_OUT = "name another folder, or give --overwrite"

Status = Literal["begun", "done", "kept"]
"""begun: a call that was stopped may not have drawn it; kept: it stood there already."""


class Work(NamedTuple):
    """Something to be drawn: a seed's picture, an interpolation or an arithmetic."""

    name: str
    facts: dict[str, Any]
    """What it is, besides weights and truncation, as JSON has it."""
    outputs: tuple[Path, ...]
    draw: Callable[[], None]

    def listing(self, status: Status) -> dict[str, Any]:
        """As the report has it."""
        return self.facts | {"output": self.outputs[0].as_posix(), "status": status}

    def standing(self) -> list[Path]:
        """Those of its outputs that exist."""
        return [path for path in self.outputs if path.exists()]


@dataclass(frozen=True)
class Provenance:
    """What calls of one model, with one truncation, left in a folder."""

    out: Path
    model: dict[str, Any]
    """What the report says of it; its sha256 and the truncation must not change."""
    listed: dict[str, dict[str, Any]]
    """Work by name."""
    overwrite: bool

    def kept(self, works: Sequence[Work]) -> set[str]:
        """The names of what stands already; of all else nothing does, or it may be replaced.

        Raises:
            ValueError: something stands there of which nothing says that it is this.
        """
        return {work.name for work in works if self.keeps(work)}

    def keeps(self, work: Work) -> bool:
        """The same for one."""
        standing = work.standing()
        if self.overwrite or not standing:
            return False
        if not self.knows(work):
            raise ValueError(f"{standing[0]} is of another origin; {WAYS_OUT}")
        return len(standing) == len(work.outputs)

    def knows(self, work: Work) -> bool:
        """Whether it is listed, as what it is."""
        listed = self.listed.get(work.name)
        return listed is not None and listed | work.facts == listed

    def begin(self, works: Sequence[Work]) -> None:
        """Write down what will be drawn, so that what a stopped call leaves is known.

        Not what is to replace something else: that would pass for it until then.
        """
        for work in works:
            if self.knows(work) or not work.standing():
                self.listed[work.name] = work.listing("begun")
            else:
                self.listed.pop(work.name, None)
        self.write()

    def end(self, work: Work, status: Status) -> None:
        """List what stands now."""
        self.listed[work.name] = work.listing(status)

    def write(self) -> None:
        """OUT/report.json: the generator, and all that it drew here."""
        pictures = [row for name, row in sorted(self.listed.items()) if name not in EXTRAS]
        extras = {name: self.listed.get(name) for name in EXTRAS}
        report = self.model | extras | {"files": pictures}
        files.write(self.out / REPORT, json.dumps(report, indent=1, sort_keys=True).encode())


def found(out: Path, model: dict[str, Any], *, overwrite: bool) -> Provenance:
    """What earlier calls of the same model left in `out`.

    Raises:
        ValueError: it is of other weights or another truncation, and not to be replaced.
    """
    earlier = read_report(out)
    for name, said in OTHER.items():
        if earlier is not None and earlier.get(name) != model[name]:
            if not overwrite:
                raise ValueError(f"{out} holds pictures of {said}; {WAYS_OUT}")
            earlier = None
    return Provenance(out, model, {} if earlier is None else listed(earlier), overwrite)


def read_report(out: Path) -> dict[str, Any] | None:
    """OUT/report.json, nothing where there is none; a damaged one speaks of no weights."""
    try:
        report = json.loads((out / REPORT).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        return {}
    return report if isinstance(report, dict) else {}


def listed(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What a report of ours lists, by name."""
    pictures = {Path(row["output"]).name: row for row in report.get("files", [])}
    return pictures | {name: report[name] for name in EXTRAS if report.get(name)}
