"""The scan before the first step: every file is looked at, so that none stops a run later."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from img2img.data.domain import Domain
from img2img.data.folders import Layout, Split
from img2img.data.looks import Look, listed, look
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
            of another size than their partner; or that mix bit depths.
    """
    splits = [layout.splits[name] for name in ("train", "val") if name in layout.splits]
    looks = look({f for split in splits for side in split for f in _files(side)})
    A = [it for split in splits for it in _seen(split.A, looks)]
    B = [it for split in splits if split.B is not None for it in _seen(split.B, looks)]
    if paired:
        _check_pairs(A, B)
    if recipe.resize == "none":
        _check_crop(A + B, recipe.size)
    smallest = min(it.width for it in A + B), min(it.height for it in A + B)
    notes = [*_counts(layout.splits["train"], paired), *_mixtures(A, "A"), *_mixtures(B, "B")]
    if recipe.resize != "none" and min(smallest) < recipe.size:
        notes.append(
            f"the smallest sides are {smallest[0]} x {smallest[1]}: such pictures are enlarged to "
            f"{recipe.size} and more, and add no detail"
        )
    return Findings(_encoding(A, "A"), _encoding(B, "B") if B else None, smallest, notes)


def _files(pictures: Pictures | None) -> tuple[Path, ...]:
    return pictures.files if isinstance(pictures, Domain) else ()


def _seen(pictures: Pictures, looks: dict[Path, Look]) -> list[Look]:
    """The looks at a side's files, or at the first picture of a side without files."""
    if not isinstance(pictures, Domain):
        height, width, channels = pictures[0].shape
        return [Look(pictures.stem(0), width, height, channels, pictures[0].dtype.name)]
    seen = [looks[file] for file in pictures.files]
    if pictures.half is None:
        return seen
    odd = [f"{it.name} ({it.width})" for it in seen if it.width % 2]
    if odd:
        raise ValueError(f"odd widths do not fall into two halves: {listed(odd)}; crop them")
    return [it._replace(width=it.width // 2) for it in seen]


def _check_pairs(A: list[Look], B: list[Look]) -> None:
    unequal = [
        f"{x.name} ({x.width} x {x.height}) and {y.name} ({y.width} x {y.height})"
        for x, y in zip(A, B, strict=True)
        if (x.width, x.height) != (y.width, y.height)
    ]
    if unequal:
        raise ValueError(f"pairs of unequal size: {listed(unequal)}; resize one to the other")


def _check_crop(looks: list[Look], size: int) -> None:
    small = [f"{x.name} ({x.width} x {x.height})" for x in looks if min(x.width, x.height) < size]
    if small:
        raise ValueError(
            f"smaller than the crop of {size} x {size}: {listed(small)}; choose a smaller size, "
            "or let pictures be resized (resize squash or keep)"
        )


def _encoding(looks: list[Look], side: str) -> Levels:
    """Gray if all are, RGB if any is; the full range of the depth that all have."""
    kinds = {(it.dtype, it.channels): it.name for it in looks if it.dtype}
    depths = {dtype for dtype, _ in kinds}
    channels = {it.channels for it in looks}
    if len(depths) > 1 or not (channels <= {1, 3} or len(channels) == 1):
        mixed = [f"{dtype} with {n} channels ({name})" for (dtype, n), name in kinds.items()]
        raise ValueError(f"{side} mixes kinds of pictures: {listed(mixed)}; convert them to one")
    return Levels.of(np.empty((1, 1, max(channels)), depths.pop()))


def _counts(train: Split, paired: bool | None) -> Iterator[str]:
    few, many = sorted((len(train.A), len(train.A if train.B is None else train.B)))
    if few == 1:
        yield "one picture only: whatever is trained on it knows nothing else"
    if paired is False and many >= 5 * few:
        yield f"A and B are of very different counts, {len(train.A)} and {len(train.B or ())}"


def _mixtures(looks: list[Look], side: str) -> Iterator[str]:
    gray = sum(it.channels == 1 for it in looks)
    if 0 < gray < len(looks):
        yield f"{gray} of {len(looks)} pictures in {side} are gray; they are read as RGB"
