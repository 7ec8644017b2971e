"""Sheet: the pictures of what was found, and some good ones."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from img2img import images
from img2img.check.census import Census, Row, every, name_of, pictures_of
from img2img.check.findings import Evidence, Finding, Place, Side
from img2img.data.folders import Layout
from img2img.images import Encoding, Levels, Picture

GOOD = 3  # rows
COLUMNS = 3  # at the least, so that notes have room

Shown = NDArray[np.uint8]


def drawn(
    findings: Sequence[Finding],
    census: Census,
    layout: Layout,
    encodings: Mapping[Side, Encoding],
    *,
    paired: bool,
    seed: int = 0,
) -> Shown:
    """A row for each piece of evidence, its note above it, then a few others at random.

    Raises:
        ValueError: there is no picture to be shown.
    """
    evidence = [it for finding in reversed(findings) for it in finding.evidence]
    faulty = {place for it in evidence for place in it.places}
    rows = [row for row in every(layout, paired) if readable(census, row)]
    good = [row for row in rows if row[0].split == "train" and not faulty & {*row}]
    chosen = np.random.default_rng(seed).permutation(len(good))[:GOOD]
    evidence += [Evidence(good[i], f"good: {name_of(layout, good[i][0])}") for i in chosen]
    shown = [it for it in evidence if readable(census, it.places)]
    if not shown:
        raise ValueError(f"{layout.root} holds no picture that can be shown")
    cells = [[picture(layout, encodings, place) for place in it.places] for it in shown]
    for row, it in zip(cells, shown, strict=True):
        row += [overlaid(*row)] if it.overlaid else []
    blank = np.full((1, 1, 1), 255, np.uint8)
    cells[0] += [blank] * (COLUMNS - len(cells[0]))
    return images.grid(cells, notes=[it.note for it in shown])


def readable(census: Census, places: Row) -> bool:
    """Whether all of these were read."""
    return all(place in census.seen and census.seen[place].look for place in places)


def picture(layout: Layout, encodings: Mapping[Side, Encoding], place: Place) -> Shown:
    """A picture for the eye: by the encoding of its side, or by its own where that does not fit."""
    found = pictures_of(layout, place)[place.index]
    encoding = encodings.get(place.side, Levels.of(found))
    fits = found.dtype.name == encoding.dtype and found.shape[2] == encoding.channels
    return (encoding if fits else Levels.of(found)).show(found)


def overlaid(x: Shown, y: Shown) -> Shown:
    """The edges of x in red over those of y in cyan: white where they meet."""
    red, cyan = edges(x), edges(y)
    return np.stack([red, cyan, cyan], axis=2)


def edges(shown: Picture) -> Shown:
    """Where a picture changes, (H, W): its strongest hundredth is white."""
    down, right = np.gradient(shown.astype(np.float64), axis=(0, 1))
    strength = np.sqrt((down**2 + right**2).sum(axis=2))
    levels = strength / max(1.0, float(np.percentile(strength, 99))) * 255
    clipped: Shown = np.clip(levels, 0, 255).astype(np.uint8)
    return clipped
