"""Arithmetic: what seeds have in common, added and taken away: `1,2,3 - 4,5 + 6,7`."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from img2img import images
from img2img.base.latents import combined
from img2img.config import UsageError
from img2img.images import Picture
from img2img.sampler import Sampler

OPERAND = r"\s*[0-9]+(?:\s*,\s*[0-9]+)*\s*"
SUM = re.compile(rf"\s*[+-]?{OPERAND}(?:[+-]{OPERAND})*")
SIGNED = re.compile(rf"([+-]?)({OPERAND})")
LONGEST = 17  # letters over a picture of a sheet


class Term(NamedTuple):
    """The mean of some seeds' noise, to be added or taken away."""

    sign: int
    seeds: tuple[int, ...]

    def __str__(self) -> str:
        return ("- " if self.sign < 0 else "+ ") + ",".join(map(str, self.seeds))


class Result(NamedTuple):
    """The picture of each term, and that of their sum."""

    terms: list[Picture]
    picture: Picture


def parsed(text: str) -> list[Term]:
    """The terms of `1,2,3 - 4,5 + 6,7`.

    Raises:
        UsageError: it is written in another way.
    """
    if not SUM.fullmatch(text):
        raise UsageError(f"{text!r} is no arithmetic of seeds; write it as '1,2,3 - 4,5 + 6,7'")
    return [
        Term(-1 if sign == "-" else 1, tuple(int(seed) for seed in seeds.split(",")))
        for sign, seeds in SIGNED.findall(text)
    ]


def latents(
    sampler: Sampler, terms: Sequence[Term], truncation: float | None = None
) -> tuple[list[Tensor], Tensor]:
    """The noise (latent,) of each term, without its sign, and their sum."""
    means = [sampler.latents(term.seeds, truncation).mean(0) for term in terms]
    return means, combined([term.sign for term in terms], means)


def computed(sampler: Sampler, terms: Sequence[Term], truncation: float | None = None) -> Result:
    """The terms and their sum as pictures."""
    means, total = latents(sampler, terms, truncation)
    drawn = [sampler.draw(z[None])[0] for z in (*means, total)]
    return Result(drawn[:-1], drawn[-1])


def strip(sampler: Sampler, terms: Sequence[Term], result: Result) -> NDArray[np.uint8]:
    """A row: each term with its sign and its seeds above, and what they come to."""
    shown = [sampler.output.show(picture) for picture in (*result.terms, result.picture)]
    first, *others = (short(str(term)) for term in terms)
    return images.grid([shown], [first.removeprefix("+ "), *others, "="])


def short(title: str) -> str:
    """A title that fits over its picture."""
    return title if len(title) <= LONGEST else f"{title[: LONGEST - 3]}..."
