"""The scan before the first step: every file is looked at, so that none stops a run later."""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np

from img2img.data.domain import Domain
from img2img.data.faults import below, mixed, odd, refuse, unequal
from img2img.data.folders import Layout, Split
from img2img.data.glance import check_masks, leaked, shifted
from img2img.data.looks import Look, look
from img2img.data.samples import Pictures
from img2img.data.transforms import Recipe
from img2img.images import Levels


class Findings(NamedTuple):
    """What a data set is, for the configuration and for the eye."""

    A: Levels
    B: Levels | None
    smallest: tuple[int, int]
    """The least width and the least height of all pictures, in pixels."""
    warnings: list[str]


def scan(layout: Layout, recipe: Recipe, *, paired: bool | None) -> Findings:
    """Look at every picture of train and val, as `recognise` found them.

    Raises:
        ValueError: names the files that are unreadable, too small, of odd width in two halves, or
            of another size than their partner or mask; or that mix bit depths.
    """
    splits = [layout.splits[name] for name in ("train", "val") if name in layout.splits]
    looks = look({f for split in splits for side in split for f in files_of(side)})
    A = [it for split in splits for it in seen_of(split.A, looks)]
    B = [it for split in splits if split.B is not None for it in seen_of(split.B, looks)]
    for fault in chain(
        unequal(A, B) if paired else (),
        below(A + B, recipe.size) if recipe.resize == "none" else (),
    ):
        refuse(fault)
    for split in splits:
        for side in (split.A, split.B):
            check_masks(side)
    encodings = levels_of(A, "A"), levels_of(B, "B") if B else None
    notes = [*unusual(A, B, recipe), *counts(splits[0], paired)]
    notes += shifted(splits[0]) if paired else ()
    notes += leaks(*splits) if len(splits) == 2 else ()
    return Findings(*encodings, smallest(A + B), notes)


def leaks(train: Split, val: Split) -> Iterator[str]:
    """What of train stands in val too, in each domain."""
    yield from leaked(train.A, val.A, "A")
    if train.B is not None and val.B is not None and getattr(train.A, "half", None) is None:
        yield from leaked(train.B, val.B, "B")


def smallest(looks: Sequence[Look]) -> tuple[int, int]:
    """The least width and the least height."""
    return min(it.width for it in looks), min(it.height for it in looks)


def unusual(A: Sequence[Look], B: Sequence[Look], recipe: Recipe) -> Iterator[str]:
    """What can be trained on, but is perhaps not meant."""
    for side, looks in (("A", A), ("B", B)):
        gray = sum(it.channels == 1 for it in looks)
        if 0 < gray < len(looks):
            yield f"{gray} of {len(looks)} pictures in {side} are gray; they are read as RGB"
    width, height = smallest([*A, *B])
    if recipe.resize != "none" and min(width, height) < recipe.size:
        yield (
            f"the smallest sides are {width} x {height}: such pictures are enlarged to "
            f"{recipe.size} and more, and add no detail"
        )


def counts(train: Split, paired: bool | None) -> Iterator[str]:
    """How many pictures there are, where these are few or very different numbers."""
    few, many = sorted((len(train.A), len(train.A if train.B is None else train.B)))
    if few == 1:
        yield "one picture only: whatever is trained on it knows nothing else"
    if paired is False and many >= 5 * few:
        yield f"A and B are of very different counts, {len(train.A)} and {len(train.B or ())}"


def files_of(pictures: Pictures | None) -> tuple[Path, ...]:
    """A side's files; none of one that is drawn."""
    return pictures.files if isinstance(pictures, Domain) else ()


def seen_of(pictures: Pictures, looks: dict[Path, Look]) -> list[Look]:
    """The looks at a side's files, or at the first picture of a side without files."""
    if not isinstance(pictures, Domain):
        height, width, channels = pictures[0].shape
        return [Look(pictures.stem(0), width, height, channels, pictures[0].dtype.name)]
    seen = [looks[file] for file in pictures.files]
    if pictures.half is None:
        return seen
    for fault in odd(seen):
        refuse(fault)
    return [it._replace(width=it.width // 2) for it in seen]


def levels_of(looks: list[Look], side: str) -> Levels:
    """Gray if all are, RGB if any is; the full range of the depth that all have."""
    for fault in mixed(looks, side):
        refuse(fault)
    depth = next(it.dtype for it in looks if it.dtype)
    return Levels.of(np.empty((1, 1, max(it.channels for it in looks)), depth))
