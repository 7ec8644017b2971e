"""Register: whether the pictures of a pair lie upon each other."""

from collections.abc import Iterator, Sequence

from img2img.check.census import Census, Row
from img2img.check.findings import Evidence, Finding, evident
from img2img.data.alignment import Shift
from img2img.data.faults import counted
from img2img.data.looks import listed
from img2img.data.misalignment import misaligned


def register(census: Census) -> Iterator[Finding]:
    """What the shifts of the pairs that were aligned say."""
    rows, shifts = list(census.shifts), list(census.shifts.values())
    found = misaligned(shifts)
    of = f"of {counted(shifts, 'pair')} looked at"
    if found.systematic:
        sentence = (
            f"B lies {lying(found.shift)} of where A has it in {found.agreeing:.0%} {of}; "
            "shift one of the two back"
        )
        agreeing = [i for i, it in enumerate(shifts) if it.off(found.shift) <= 1]
        yield _fault(census, sentence, rows, shifts, agreeing[:3])
    if found.outliers:
        names = [f"{_name(census, rows[i])} ({lying(shifts[i])})" for i in found.outliers]
        sentence = f"out of line {len(names)} {of}: {listed(names)}; shift B back, or remove them"
        yield _fault(census, sentence, rows, shifts, found.outliers)
    if found.strangers:
        names = [_name(census, rows[i]) for i in found.strangers]
        sentence = f"{len(names)} {of} share no edges, as the others do: {listed(names)}"
        yield Finding(
            "warning",
            sentence,
            evident(
                (rows[i], f"no common edges: {_name(census, rows[i])}") for i in found.strangers
            ),
        )
    if found.unrelated:
        sentence = f"hardly one {of} shares edges; if it should, names and contents are shuffled"
        yield Finding("warning", sentence)


def lying(shift: tuple[int, int] | Shift) -> str:
    """A shift in words."""
    dx, dy = shift[:2]
    across = f"{abs(dx)} pixels {'right' if dx > 0 else 'left'}" if dx else ""
    down = f"{abs(dy)} pixels {'down' if dy > 0 else 'up'}" if dy else ""
    return " and ".join(filter(None, (across, down))) or "in place"


def _fault(
    census: Census,
    sentence: str,
    rows: Sequence[Row],
    shifts: Sequence[Shift],
    chosen: Sequence[int],
) -> Finding:
    evidence = tuple(
        Evidence(rows[i], f"B {lying(shifts[i])}: {_name(census, rows[i])}", overlaid=True)
        for i in chosen[:4]
    )
    return Finding("fault", sentence, evidence)


def _name(census: Census, row: Row) -> str:
    return census.seen[row[-1]].name
