"""Enlargements: a generator's outputs beside the pictures of high resolution they should be."""

from functools import cache, partial

from img2img.base.metrics.span import Mask
from img2img.couples import Couple, nothing
from img2img.data.imresize import shrunk
from img2img.data.originals import Original, Originals
from img2img.data.samples import Pictures
from img2img.data.sides import Side
from img2img.enlarging import kind
from img2img.generator import Generator
from img2img.images import Levels, Picture


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

    def small(i: int) -> Picture:
        seen = whole(i)
        return shrunk(seen.high, scale) if seen.low is None else seen.low

    def fake(i: int) -> Picture:
        made: Picture = generator(small(i), key=high.stem(i))
        return made

    def real(i: int) -> Picture:
        return whole(i).high

    def shown(i: int) -> Picture:
        return own(i).show(small(i))

    def counts(i: int) -> Mask | None:
        mask = whole(i).mask
        return None if mask is None else mask[..., 0] > 0

    hides = Side(high, encoding).masked
    return [
        Couple(high.stem(i), partial(fake, i), partial(real, i),
               partial(counts, i) if hides else nothing, partial(shown, i))
        for i in range(len(high))
    ]  # fmt: skip
