"""Layouts of super-resolution: pictures at a high resolution (HR), alone or with a low one (LR)."""

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from img2img.data import rows
from img2img.data.domain import Domain, match
from img2img.data.faults import Fault, refuse
from img2img.data.folders import (
    EXPECTED_ONE,
    ONE_FOLDER,
    Known,
    Layout,
    Split,
    Style,
    existing,
    found,
    laid_out,
    understood,
)  # fmt: skip
from img2img.data.rows import Table
from img2img.data.samples import Pictures
from img2img.data.tabled import domains, notes

EXPECTED = f"""\
  train/LR/ train/HR/ or LR/train/ HR/train/, train_LR/ train_HR/, trainLR/ trainHR/, LR/ HR/
  val, test           likewise; a share of train chooses the checkpoint when val is absent
or pictures of high resolution alone,
{EXPECTED_ONE}: HR, or x LR and y HR"""
LR_AND_HR = (
    Style("train/LR and train/HR", ("{}/LR", "{}/HR")),
    Style("LR/train and HR/train", ("LR/{}", "HR/{}")),
    Style("train_LR and train_HR", ("{}_LR", "{}_HR")),
    Style("trainLR and trainHR", ("{}LR", "{}HR")),
    Style("LR and HR", ("LR", "HR")),
)
RESOLUTIONS = Known((*LR_AND_HR, *ONE_FOLDER), EXPECTED)
SUFFIX = re.compile(r"([_-]?x[2-8]|[_-](LR|HR)([_-].*)?)$", re.IGNORECASE)


def recognise_resolutions(root: str | Path, fault: Fault = refuse) -> Layout:
    """The splits of the data set in `root`: A is HR, or where there is LR, A is that and B is HR.

    Partners have one stem, or such as 0001x4 and 0001, or img_LR and img_HR. Else as `recognise`.

    Raises:
        ValueError: as `recognise`.
    """
    root = existing(root)
    if (root / rows.NAME).is_file():
        read = rows.read(root / rows.NAME, fault)
        layout = laid_out(root, rows.NAME, domains(read, _paired(read), fault), share=False)
        return layout._replace(kind=layout.kind + notes(read))
    kind, folders = understood(root, RESOLUTIONS)
    return laid_out(
        root, kind, {split: _sides([*map(found, folders[split])], fault) for split in folders}
    )


def resolutions(split: Split) -> tuple[Pictures, Pictures | None]:
    """HR, and LR where it is given."""
    return (split.A, None) if split.B is None else (split.B, split.A)


def _paired(table: Table) -> bool | None:
    return True if any(row.x and row.y for row in table.rows) else None


def _sides(sides: list[Domain], fault: Fault) -> tuple[Domain, ...]:
    if len(sides) == 1:
        return (sides[0],)
    low, high = ([side.stem(i) for i in range(len(side))] for side in sides)
    A, B = sides
    return match(
        replace(A, names=_bare(low, beside=high)), replace(B, names=_bare(high, beside=low)), fault
    )


def _bare(stems: Iterable[str], beside: Iterable[str]) -> tuple[str, ...]:
    """The stems without their suffixes, where such have no partner as they are."""
    known = {*beside}
    return tuple(stem if stem in known else SUFFIX.sub("", stem) for stem in stems)
