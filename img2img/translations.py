"""Translations: a generator's outputs beside what they should be, and where that counts."""

from functools import partial

import numpy as np

from img2img.base.metrics.span import Mask
from img2img.couples import Couple, nothing
from img2img.data.samples import Pictures
from img2img.data.sides import Side, check_mask
from img2img.generator import Generator
from img2img.images import Encoding, Picture, to_channels


def translations(generator: Generator, x: Pictures, y: Side, *, masks: bool) -> list[Couple]:
    """Each picture's translation and its target, made when it is asked for."""
    source = Side(x, generator.input)
    hides = source.masked or y.masked
    return [
        Couple(
            x.stem(i),
            partial(translated, generator, x, i),
            partial(real, y, i),
            partial(counts, source, y, i, masks=masks) if hides else nothing,
            partial(shown, source, i),
        )
        for i in range(len(x))
    ]


def shown(side: Side, index: int) -> Picture:
    """A picture for the eye, of 8 bit."""
    return side.encoding.show(real(side, index))


def plain(encoding: Encoding) -> Encoding:
    """The encoding of pictures that have no way to say that a pixel does not count."""
    missing = "ignore" if encoding.kind == "labels" else "nodata"
    return encoding.model_copy(update={missing: None})


def translated(generator: Generator, pictures: Pictures, index: int) -> Picture:
    """A picture's translation; its name seeds the noise, where there is any."""
    made: Picture = generator(pictures[index], key=pictures.stem(index))
    return made


def real(side: Side, index: int) -> Picture:
    """A picture in its encoding's channels."""
    return to_channels(side.pictures[index], side.encoding.channels)


def counts(x: Side, y: Side, index: int, *, masks: bool) -> Mask | None:
    """Where a pair counts, as in training: both have data there, and the target's mask shows it.

    Without `masks` the last is left out.
    """
    seen = [side.encoding.visible(side.pictures[index]) for side in (x, y)]
    drawn = y.pictures.mask(index) if masks else None
    if drawn is not None:
        check_mask(drawn, y.pictures[index])
        seen.append(drawn[..., 0] > 0)
    known = [each for each in seen if each is not None]
    return np.logical_and.reduce(known) if known else None
