"""Enlargements: a generator's outputs beside the pictures of high resolution they should be."""

from functools import cache, partial

from img2img.base.metrics.span import Mask
from img2img.couples import Couple, nothing
from img2img.data import rows
from img2img.data.folders import Layout
from img2img.data.imresize import shrunk
from img2img.data.originals import Original, Originals
from img2img.data.samples import Pictures
from img2img.data.sides import Side
from img2img.enlarging import kind
from img2img.generator import Generator
from img2img.images import Levels, Picture
from img2img.run.sources import fingerprint


def enlargements(
    generator: Generator, high: Pictures, low: Pictures | None, encoding: Levels, scale: int
) -> list[Couple]:
    """Each picture enlarged and its target, of their own kind and channels.

    What `encoding` or a mask hides is filled before it is made smaller, as in training, and counts
    for nothing. Without `low` that is made by bicubic interpolation.
    """

    @cache
    def read_as(levels: Levels) -> Originals:
        return Originals(high, low, levels, scale)

    @cache
    def own(i: int) -> Levels:
        return kind(high[i], encoding)

    def whole(i: int) -> Original:
        return read_as(own(i)).whole(i)

    def fake(i: int) -> Picture:
        seen = whole(i)
        given = shrunk(seen.high, scale) if seen.low is None else seen.low
        made: Picture = generator(given, key=high.stem(i))
        return made

    def real(i: int) -> Picture:
        return whole(i).high

    def counts(i: int) -> Mask | None:
        mask = whole(i).mask
        return None if mask is None else mask[..., 0] > 0

    hides = Side(high, encoding).masked
    return [
        Couple(high.stem(i), partial(fake, i), partial(real, i),
               partial(counts, i) if hides else nothing)
        for i in range(len(high))
    ]  # fmt: skip


def unseen(layout: Layout, trained_on: str | None) -> str:
    """The split that is scored unless one is asked for, or `all`.

    It is test; without it val, where that is set apart from train or the generator was
    `trained_on` this train (a fingerprint); else all pictures, none of which it has seen.
    """
    if "test" in layout.splits:
        return "test"
    return "val" if _set_apart(layout) or fingerprint(layout) == trained_on else "all"


def _set_apart(layout: Layout) -> bool:
    """Whether val has folders of its own, or is a table's word: no mere share of train."""
    if "val" not in layout.splits:
        return False
    train, val = (getattr(layout.splits[name].A, "root", None) for name in ("train", "val"))
    return train != val or (layout.root / rows.NAME).is_file()
