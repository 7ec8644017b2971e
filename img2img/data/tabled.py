"""Tabled: the domains of each split, as the rows of a table name them."""

from dataclasses import replace
from pathlib import Path

from img2img.data.domain import Domain
from img2img.data.faults import Fault, refuse
from img2img.data.groups import check_whole, shared_out
from img2img.data.rows import Row, Side, Table, numbers
from img2img.data.samples import SPLITS


def domains(
    table: Table, paired: bool | None, fault: Fault = refuse
) -> dict[str, tuple[Domain, ...]]:
    """A and B of each split, or the one domain if `paired` is None: x, or y where no row has an x.

    Pairs are rows, and have the names of their x; apart, A is the rows with x and B those with y.
    A fault is a pair without a side, and a group or a picture in two splits.

    Raises:
        ValueError: a split lacks all of a side; nothing is for training, or to be drawn.
    """
    sides = _sides(table, paired)
    whole = all if paired else any
    lonely = [row.number for row in table.rows if paired and not (row.x and row.y)]
    if lonely:
        fault(
            f"{table.file}: {numbers(lonely)} without x or y; pairs have both, so name the other "
            "picture, or remove the row"
        )
    check_whole(table, fault)
    rows = [row for row in table.rows if whole(row.side(side) for side in sides)]
    if all(row.split != "val" for row in rows):
        rows = shared_out(rows, sides)
    _check(table, rows, sides)
    return {
        split: _parts(table.file.parent, there, sides, paired)
        for split in SPLITS
        if (there := [row for row in rows if row.split == split])
    }


def notes(table: Table) -> str:
    """What a table says beside pictures and splits, to follow their counts."""
    groups = len({row.group for row in table.rows if row.group})
    said = [f"{groups} group{'s' * (groups > 1)}"] if groups else []
    said += ["masks"] if any(row.mask for row in table.rows) else []
    said += ["weights"] if len({row.weight for row in table.rows}) > 1 else []
    ignored = f"; ignored: {', '.join(table.ignored)}" if table.ignored else ""
    return "".join(f", {it}" for it in said) + ignored


def _sides(table: Table, paired: bool | None) -> tuple[Side, ...]:
    if paired is None:
        return ("x",) if any(row.x for row in table.rows) else ("y",)
    return "x", "y"


def _check(table: Table, rows: list[Row], sides: tuple[Side, ...]) -> None:
    for split in dict.fromkeys(["train", *(row.split for row in rows)]):
        for side in sides:
            there = [row for row in rows if row.split == split and row.side(side)]
            if not there:
                advice = "" if split == "train" else ", or leave the split out"
                raise ValueError(f"{table.file}: no {side} in {split}; name some there{advice}")
            if split == "train" and not any(row.weight for row in there):
                raise ValueError(
                    f"{table.file}: every {side} in train has weight 0, and none would be drawn; "
                    "raise some"
                )


def _parts(
    root: Path, rows: list[Row], sides: tuple[Side, ...], paired: bool | None
) -> tuple[Domain, ...]:
    parts = tuple(_domain(root, rows, side) for side in sides)
    if paired:
        A, B = parts
        return A, replace(B, names=tuple(map(A.stem, range(len(A)))))
    return parts


def _domain(root: Path, rows: list[Row], side: Side) -> Domain:
    files = [(row, root / path) for row in rows if (path := row.side(side))]
    weights = tuple(row.weight for row, _ in files)
    return Domain(
        root,
        tuple(file for _, file in files),
        masks=tuple(row.mask and root / row.mask for row, _ in files),
        weights=weights if len({*weights}) > 1 else (),
    )
