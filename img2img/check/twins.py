"""Twins: pictures of the same scene, within a split and, as leaks, across."""

from collections.abc import Iterator

import numpy as np

from img2img.check.census import Census
from img2img.check.findings import SIDES, Finding, Level, Place, evident
from img2img.data.duplicates import near_duplicates
from img2img.data.faults import counted
from img2img.data.looks import listed
from img2img.data.samples import SPLITS

LEAK = (
    "{} of {} shown in another split too: {}; remove one of each, or keep them together by a "
    "group in data.csv"
)
WITHIN = "{} of {} shown twice within a split: {}; is that meant?"


def twins(census: Census) -> Iterator[Finding]:
    """Per side, what leaks from split to split, and what stands in one more than once."""
    for side in SIDES:
        shown = {place: it for place, it in census.of(side, *SPLITS).items() if it.hash is not None}
        places = list(shown)
        hashes = [it.hash for it in shown.values() if it.hash is not None]
        if not hashes:
            continue
        alike = near_duplicates(np.array(hashes))
        both = [(places[first], places[later]) for first, later in alike]
        leaks = [(one, two) for one, two in both if one.split != two.split]
        if leaks:
            yield _finding(census, "fault", LEAK, leaks)
        within = [(one, two) for one, two in both if one.split == two.split]
        if within:
            yield _finding(census, "warning", WITHIN, within)


def _finding(
    census: Census, level: Level, sentence: str, found: list[tuple[Place, Place]]
) -> Finding:
    names = [
        f"{census.seen[two].name} as {census.seen[one].name} ({_likeness(census, one, two)})"
        for one, two in found
    ]
    said = sentence.format(counted(found, "picture"), found[0][0].side, listed(names))
    notes = [f"{'leak' if level == 'fault' else 'twins'}: {name}" for name in names]
    evidence = evident(zip(found, notes, strict=True))
    return Finding(level, said, evidence)


def _likeness(census: Census, one: Place, two: Place) -> str:
    a, b = census.seen[one], census.seen[two]
    if a.checksum == b.checksum:
        return "an exact copy"
    assert a.hash is not None and b.hash is not None
    bits = int(np.bitwise_count(a.hash ^ b.hash).sum())
    return f"{bits} of {64 * len(a.hash)} bits differ"
