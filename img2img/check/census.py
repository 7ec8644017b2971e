"""Census: every picture of a data set looked at, each file read once."""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from img2img.check.findings import SIDES, Place, Side
from img2img.check.reading import Reading
from img2img.check.seen import Seen, marked, seen
from img2img.data.alignment import Shift, shift
from img2img.data.domain import Domain
from img2img.data.folders import Layout
from img2img.data.samples import Pictures
from img2img.data.values import Values
from img2img.images import Picture

VALUED = 1000  # pictures of each side whose values are counted
ALIGNED = 200  # pairs that are aligned
DRAWN = 100  # pictures that are looked at of a split that is drawn, not read
WORKERS, CHUNK = 2, 8

Kind = tuple[Side, str, int]  # side, dtype, channels
Row = tuple[Place, ...]  # a picture, or both of a pair
Track = Callable[[Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Census:
    """What was seen; those of disjoint pictures are put together by `take`."""

    seen: dict[Place, Seen] = field(default_factory=dict)
    shifts: dict[Row, Shift] = field(default_factory=dict)
    values: dict[Kind, Values] = field(default_factory=dict)
    classes: dict[Side, NDArray[np.int64]] = field(default_factory=dict)
    """Pixels of each class."""
    marks: dict[Side, Counter[float]] = field(default_factory=lambda: defaultdict(Counter))
    """What files say that stands for no data."""

    def take(self, other: Census) -> None:
        """Add what another saw."""
        self.seen.update(other.seen)
        self.shifts.update(other.shifts)
        for kind, values in other.values.items():
            self.values[kind] = self.values[kind] + values if kind in self.values else values
        for side, counts in other.classes.items():
            self.classes[side] = self.classes.get(side, 0) + counts
        for side, counter in other.marks.items():
            self.marks[side].update(counter)

    def of(self, side: Side, *splits: str) -> dict[Place, Seen]:
        """What was seen of a side, in the order of the splits given."""
        return {
            place: it
            for split in splits
            for place, it in self.seen.items()
            if (place.side, place.split) == (side, split)
        }


def census(
    layout: Layout, readings: Mapping[Side, Reading], paired: bool | None, track: Track = iter
) -> Census:
    """All pictures of a layout, in a few threads; the test split's for what they show alone."""
    rows = list(every(layout, bool(paired)))
    look = partial(_looked, layout, readings, _sampled(rows, layout))
    chunks = [rows[i : i + CHUNK] for i in range(0, len(rows), CHUNK)]
    total = Census()
    # readers silence warnings each for itself, which side by side may leave them silenced
    with warnings.catch_warnings(), ThreadPoolExecutor(WORKERS) as pool:
        ahead = []
        for chunk in track(chunks):
            ahead.append(pool.submit(look, chunk))
            if len(ahead) > 2 * WORKERS:  # so that what was seen does not pile up
                total.take(ahead.pop(0).result())
        for job in ahead:
            total.take(job.result())
    for kind, values in total.values.items():
        total.values[kind] = readings[kind[0]].measured(values)
    return total


def every(layout: Layout, together: bool) -> Iterator[Row]:
    """All pictures of the layout, those of a pair in one row if they go `together`."""
    for split, sides in layout.splits.items():
        given: list[tuple[Side, Pictures]] = [("A", sides.A)]
        given += [("B", sides.B)] if sides.B is not None else []
        columns = [
            [Place(split, side, index) for index in _indices(pictures)] for side, pictures in given
        ]
        if together:
            yield from zip(*columns, strict=True)
        else:
            yield from ((place,) for column in columns for place in column)


def pictures_of(layout: Layout, place: Place) -> Pictures:
    """The side of the split that a picture stands in."""
    pictures: Pictures = getattr(layout.splits[place.split], place.side)
    return pictures


def name_of(layout: Layout, place: Place) -> str:
    """A file's path below the layout's root; of what is drawn its split and number."""
    pictures = pictures_of(layout, place)
    if isinstance(pictures, Domain):
        return pictures.files[place.index].relative_to(layout.root).as_posix()
    return f"{place.split}/{pictures.stem(place.index)}"


def _indices(pictures: Pictures) -> Iterable[int]:
    return range(len(pictures) if isinstance(pictures, Domain) else min(DRAWN, len(pictures)))


def _sampled(rows: Sequence[Row], layout: Layout) -> tuple[set[Place], set[Row]]:
    """The pictures whose values are counted, and the pairs that are aligned: evenly spread."""
    train = [row for row in rows if row[0].split != "test"]
    pairs = [row for row in train if len(row) == 2]
    valued: set[Place] = set()
    for side in SIDES:
        places = [place for row in train for place in row if place.side == side]
        valued.update(places[:: max(1, -(-len(places) // VALUED))])
    return valued, set(pairs[:: max(1, -(-len(pairs) // ALIGNED))])


def _looked(
    layout: Layout,
    readings: Mapping[Side, Reading],
    sampled: tuple[set[Place], set[Row]],
    rows: Sequence[Row],
) -> Census:
    """What a few rows show."""
    total = Census()
    for row in rows:
        shown = [
            # a pair's mask hides its second picture
            _one(
                layout, readings, place, total, valued=place in sampled[0], masked=place == row[-1]
            )
            for place in row
        ]
        if row in sampled[1]:
            x, y = shown
            if x is not None and y is not None and x.shape[:2] == y.shape[:2]:
                total.shifts[row] = shift(x, y)
    return total


def _one(
    layout: Layout,
    readings: Mapping[Side, Reading],
    place: Place,
    into: Census,
    *,
    valued: bool,
    masked: bool,
) -> Picture | None:
    """One picture, and what it showed put into the census."""
    pictures, name = pictures_of(layout, place), name_of(layout, place)
    test = place.split == "test"
    reading = Reading(None, None) if test else readings[place.side]
    found, picture = seen(pictures, place.index, name, reading, masked=masked and not test)
    part = Census(seen={place: found})
    if picture is not None and valued:
        kind = place.side, picture.dtype.name, picture.shape[2]
        part.values[kind] = reading.values(picture, reading.visible(picture))
        if reading.labels and not found.labels:
            part.classes[place.side] = reading.classes(picture)
        mark = marked(pictures, place.index)
        part.marks[place.side].update([] if mark is None else [mark])
    into.take(part)
    return picture
