"""Groups: rows that belong together (a slide, a scene, a patient), and so into one split."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from img2img.data.faults import Fault, refuse
from img2img.data.looks import listed
from img2img.data.rows import Row, Side, Table, numbers
from img2img.images import natural


def check_whole(table: Table, fault: Fault = refuse) -> None:
    """Each group, and each picture, in one split; a fault names its splits and its rows."""
    places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    torn = []
    for row in table.rows:
        for bond in _bonds(row):
            places[bond][row.split].append(row.number)
    for bond, splits in places.items():
        if len(splits) > 1:
            where = " and ".join(f"{split} ({numbers(ns)})" for split, ns in splits.items())
            torn.append(f"{bond} stands in {where}")
    if torn:
        fault(f"{table.file}: {listed(torn, '; ')}; put all of its rows into one split")


def shared_out(rows: Sequence[Row], sides: Sequence[Side]) -> list[Row]:
    """The rows, some of train turned to val: whole groups, a tenth and 100 rows at most.

    Rows of x alone, of y alone and of both give a tenth each. Where all groups are larger, the
    smallest is taken if it is a third or less; nothing is, where train or val would miss a side.
    """
    kinds: dict[tuple[bool, ...], list[list[Row]]] = defaultdict(list)
    for unit in _units(row for row in rows if row.split == "train"):
        kinds[tuple(any(row.side(side) for row in unit) for side in sides)].append(unit)
    val = {row.number for units in kinds.values() for unit in _share(units) for row in unit}
    shared = [row._replace(split="val") if row.number in val else row for row in rows]
    whole = all(
        any(row.split == split and row.side(side) and row.weight for row in shared)
        for split in ("train", "val")
        for side in sides
    )
    return shared if whole else list(rows)


def _share(units: list[list[Row]]) -> list[list[Row]]:
    """In natural order, each unit that fits into the share of the rows so far: every k-th if alike.

    Of single rows these are the ones that `Domain.shared_out` gives away.
    """
    total = sum(map(len, units))
    k = max(10, ceil(total / 100))
    seen, given = 0, 0
    chosen = []
    for unit in sorted(units, key=lambda unit: min(natural(_name(row)) for row in unit)):
        seen += len(unit)
        if given + len(unit) <= seen // k:
            given += len(unit)
            chosen.append(unit)
    smallest = min(units, key=len)
    if not chosen and total >= 10 and 3 * len(smallest) <= total:
        return [smallest]
    return chosen


def _units(rows: Iterable[Row]) -> list[list[Row]]:
    """The rows, those together that a chain of groups and pictures ties."""
    above: dict[str, str] = {}

    def top(bond: str) -> str:
        while above.setdefault(bond, bond) != bond:
            above[bond] = above[above[bond]]
            bond = above[bond]
        return bond

    rows = list(rows)
    for row in rows:
        first, *rest = _bonds(row)
        for bond in rest:
            above[top(bond)] = top(first)
    units: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        units[top(next(_bonds(row)))].append(row)
    return list(units.values())


def _bonds(row: Row) -> Iterator[str]:
    """What ties a row to others."""
    if row.group:
        yield f"group {row.group!r}"
    yield from (f"picture {path.as_posix()!r}" for path in (row.x, row.y) if path)


def _name(row: Row) -> str:
    return row.group or str(row.x or row.y)
