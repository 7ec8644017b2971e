"""Samplings: pictures from noise beside the real ones, as the networks saw them."""

from collections.abc import Sequence
from functools import partial

import torch

from img2img.base.metrics.reconstruction import reconstruction_error
from img2img.data.samples import Pictures
from img2img.data.sets import Singles
from img2img.data.transforms import Recipe
from img2img.images import Encoding, Picture
from img2img.material import Extra, Made
from img2img.remembering import Memory
from img2img.sampler import Sampler

RECOVERED = 16  # pictures


def samples(sampler: Sampler, seeds: Sequence[int]) -> list[Made]:
    """The picture of each seed."""
    memory = Memory()
    return [memory(partial(_drawn, sampler, seed)) for seed in seeds]


def seen(pictures: Pictures, recipe: Recipe, encoding: Encoding) -> dict[str, Made]:
    """Pictures by name, as they go to the networks: resized, the middle cut out."""
    singles = Singles(pictures, recipe, encoding)
    return {pictures.stem(i): partial(_decoded, singles, i) for i in range(len(singles))}


def _drawn(sampler: Sampler, seed: int) -> Picture:
    """The picture of a seed."""
    return sampler.sample(1, seed)[0]


def _decoded(singles: Singles, index: int) -> Picture:
    """A picture as it went to the networks."""
    return singles.encoding.decode(singles.still(index).x.numpy())


def recovery(sampler: Sampler, reals: Sequence[Made], seed: int) -> Extra:
    """How well noise can be found for real pictures; of the first ones, since each is a search."""
    some = reals[:RECOVERED]

    def values() -> list[float]:
        targets = torch.stack([torch.from_numpy(sampler.output.encode(make())) for make in some])
        found = reconstruction_error(sampler.network, targets, latent=sampler.latent, seed=seed)
        return [float(error) for error in found.errors]

    return Extra(
        "mean square of G(z) - x at the best noise z that is found, 3 starts; range [-1, 1]",
        (),
        values,
        some,
        by_default=False,
    )
