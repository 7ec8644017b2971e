"""A table: the rows of a `data.csv`, which says of each picture what it is for."""

import csv
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal, NamedTuple, TypeAlias

from img2img.data.faults import Fault, refuse
from img2img.data.looks import listed
from img2img.data.samples import SPLITS

NAME = "data.csv"
Side: TypeAlias = Literal["x", "y"]
COLUMNS = ("x", "y", "mask", "split", "group", "weight")


class Row(NamedTuple):
    """A picture, or a pair; paths lie below the table's folder."""

    number: int
    """As a spreadsheet counts: the header is 1."""
    x: Path | None = None
    y: Path | None = None
    mask: Path | None = None
    split: str = "train"
    group: str = ""
    weight: float = 1.0

    def side(self, side: Side) -> Path | None:
        """The file of domain A (x) or B (y)."""
        return self.x if side == "x" else self.y


class Table(NamedTuple):
    """What a `data.csv` says."""

    file: Path
    rows: tuple[Row, ...]
    ignored: tuple[str, ...]
    """Columns that mean nothing here."""


def read(file: Path, fault: Fault = refuse) -> Table:
    """The rows of a CSV file in UTF-8 whose first row names its columns.

    A fault are rows that cannot be used: each in a sentence with its number, and all (ten at most)
    at once.

    Raises:
        ValueError: not such a file, no column x or y, or no row.
    """
    records = list(_records(file))
    columns = _columns(file, records[0][1] if records else [])
    rows, faults = _rows(file.parent, columns, records[1:])
    if faults:
        many = f"{len(faults)} rows of {file} cannot be used:\n  "
        fault((many if len(faults) > 1 else f"{file}, ") + listed(faults, "\n  "))
    if not rows:
        raise ValueError(f"{file} has no rows below its header; add one for each picture")
    return Table(file, tuple(rows), tuple(name for name in columns if name not in (*COLUMNS, "")))


def numbers(rows: Iterable[int], most: int = 5) -> str:
    """Rows by their numbers, to be read."""
    each = [str(number) for number in rows]
    return f"row{'s' * (len(each) > 1)} {listed(each, most=most)}"


def _records(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not blank, each with its number; spaces around a cell are dropped."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.reader(stream, strict=True)  # else an open quote swallows the rest in silence
        try:
            for number, cells in enumerate(reader, 1):
                if any(cell.strip() for cell in cells):
                    yield number, [cell.strip() for cell in cells]
        except (UnicodeDecodeError, csv.Error) as error:
            at = f"{file}, after line {reader.line_num}"
            raise ValueError(f"{at}: {error}; save it as CSV, in UTF-8") from error


def _columns(file: Path, header: list[str]) -> list[str]:
    columns = [name.casefold() for name in header]
    twice = [name for name in COLUMNS if columns.count(name) > 1]
    if twice:
        raise ValueError(f"{file} has two columns {twice[0]}; rename one")
    if not {"x", "y"} & {*columns}:
        raise ValueError(
            f"{file} has no column x or y, but {', '.join(header) or 'nothing'}; its first row "
            f"names the columns, with commas between them: {','.join(COLUMNS)}"
        )
    return columns


def _rows(
    folder: Path, columns: list[str], records: list[tuple[int, list[str]]]
) -> tuple[list[Row], list[str]]:
    """The rows, and what is wrong with others."""
    rows: list[Row] = []
    faults: list[str] = []
    seen: dict[tuple[Path | None, Path | None], int] = {}
    for number, cells in records:
        try:
            row = _row(number, columns, cells, folder)
            first = seen.setdefault((row.x, row.y), number)
            if first != number:
                raise ValueError(f"the same pictures as in row {first}; remove one of the two")
            rows.append(row)
        except ValueError as fault:
            faults.append(f"row {number}: {fault}")
    return rows, faults


def _row(number: int, columns: list[str], cells: list[str], folder: Path) -> Row:
    if len(cells) != len(columns):
        raise ValueError(
            f"cells: {len(cells)}, columns: {len(columns)}; put quotes around a comma of a name"
        )
    said = dict(zip(columns, cells, strict=True))
    x, y, mask = (_path(name, said.get(name, ""), folder) for name in ("x", "y", "mask"))
    if x is None and y is None:
        raise ValueError("neither x nor y; name a picture, or remove the row")
    split = said.get("split", "").casefold() or "train"
    if split not in SPLITS:
        raise ValueError(f"unknown split {said['split']!r}; choose from {', '.join(SPLITS)}")
    return Row(number, x, y, mask, split, said.get("group", ""), _weight(said.get("weight", "")))


def _path(column: str, cell: str, folder: Path) -> Path | None:
    if not cell:
        return None
    path = PurePosixPath(cell.replace("\\", "/"))
    if path.is_absolute() or PureWindowsPath(cell).is_absolute() or ".." in path.parts:
        raise ValueError(f"{column} {cell!r} leaves the table's folder; name a file below it")
    if not (folder / path).is_file():
        raise ValueError(f"{column} {cell!r} is no file below {folder}; correct the path")
    return Path(path)


def _weight(cell: str) -> float:
    try:
        weight = float(cell or 1)
    except ValueError:
        weight = -1.0
    if not (isfinite(weight) and weight >= 0):
        raise ValueError(f"weight {cell!r} is no number from 0 on; correct it, or leave it out")
    return weight
