"""Playing a recipe on a mixture, with the same game and loop as pictures."""

from collections.abc import Iterator
from time import perf_counter
from typing import NamedTuple

import torch
from torch import Tensor
from torch.optim import Adam

from img2img.base import spectral
from img2img.base.draws import seeded
from img2img.base.ema import Average
from img2img.base.runtime import Runtime
from img2img.base.schedule import linear
from img2img.base.trainer import Optimizer, fit
from img2img.base.unconditional import Samples, Unconditional
from img2img.lab.mixtures import Coverage, Mixture, coverage
from img2img.lab.perceptron import Perceptron
from img2img.lab.recipes import Recipe

SAMPLES = 2500  # on which the figures are taken (Srivastava et al. 2017)
MOMENTS = (0.05, 0.2, 0.5, 1.0)  # shares of the run after which it is looked at
FINENESS = 80  # places of D's map along a side


class Moment(NamedTuple):
    """How the game stands after some steps."""

    step: int
    samples: Tensor
    """(SAMPLES, 2), of the averaged G."""
    map: Tensor
    """(FINENESS, FINENESS): D's logits over the square, y down the rows."""


class Played(NamedTuple):
    """A run of a recipe."""

    coverage: Coverage
    moments: list[Moment]
    seconds: float


def game(recipe: Recipe, seed: int) -> Unconditional:
    """Both networks with their first weights."""
    width, layers = recipe.width, recipe.layers
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(
            seed
        )  # torch's first weights: biases that spread the kinks are needed
        G = Perceptron(recipe.latent, 2, width=width, layers=layers)
        D = Perceptron(2, 1, width=width, layers=layers, slope=0.2, gain=recipe.gain)
    if recipe.spectral:
        spectral.normalise(D, seed=seed, name="D")
    return Unconditional(
        G,
        D,
        latent=recipe.latent,
        gan=recipe.gan,
        penalty=recipe.penalty,
        critic_steps=recipe.critic_steps,
    )


def play(recipe: Recipe, mixture: Mixture, *, seed: int = 0) -> Played:
    """A whole run, and what its averaged G covers in the end."""
    began = perf_counter()
    trainer = game(recipe, seed)
    average = Average(trainer.G, recipe.average)
    scale = recipe.reach / mixture.reach
    looked = {max(1, round(share * recipe.steps)) for share in MOMENTS}
    moments = []
    real = batches(mixture.times(scale), recipe, seed)
    for step in fit(trainer, real, optimizers(trainer, recipe), Runtime("cpu"), seed=seed):
        if step.number in trainer.players["G"].steps:
            average.update(trainer.G)
        if step.number + 1 in looked:
            moments.append(look(step.number + 1, trainer, average, mixture, scale, seed))
    found = coverage(moments[-1].samples, mixture)
    return Played(found, moments, perf_counter() - began)


def batches(mixture: Mixture, recipe: Recipe, seed: int) -> Iterator[Samples]:
    """Fresh points for each step."""
    for step in range(recipe.steps):
        yield Samples(mixture.sample(recipe.batch, seed, step))


def optimizers(trainer: Unconditional, recipe: Recipe) -> dict[str, Optimizer]:
    """Each player's own, the learning rates falling to 0."""
    fall = linear(recipe.steps, constant=recipe.steps // 2)

    def descends(player: str, lr: float, bound: float | None = None) -> Optimizer:
        weights = trainer.players[player].weights()
        algorithm = Adam(weights, lr, recipe.betas)
        return Optimizer(algorithm, lambda step: lr * fall(step), bound=bound)

    of_G, of_D = recipe.lr
    return {"G": descends("G", of_G), "D": descends("D", of_D, recipe.bound)}


@torch.no_grad()
def look(
    step: int, trainer: Unconditional, average: Average, mixture: Mixture, scale: float, seed: int
) -> Moment:
    """Samples and D's map, the game left as it is."""
    z = torch.randn(SAMPLES, trainer.latent, generator=seeded(seed, "look"))
    edge = extent(mixture)
    line = torch.linspace(-edge, edge, FINENESS)
    places = torch.cartesian_prod(line, line).flip(1)  # x runs fastest
    trainer.D.eval()  # its spectral norm iterates in training alone
    logits = trainer.D(scale * places).reshape(FINENESS, FINENESS)
    trainer.D.train()
    return Moment(step, average.shadow(z) / scale, logits)


def extent(mixture: Mixture) -> float:
    """Half the side of the square that is looked at."""
    return 1.5 * mixture.reach
