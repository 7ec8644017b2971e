"""The best D against a fixed G: D* = p / (p + q), V(D*) = -log 4 + 2 JSD(p, q).

(Goodfellow et al. 2014, proposition 1 and theorem 1)
"""

from collections.abc import Callable, Iterator
from math import log
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.distributions import Categorical, Distribution, MixtureSameFamily, Normal
from torch.nn.functional import logsigmoid
from torch.optim import Adam

from img2img.base.draws import seeded
from img2img.base.runtime import Runtime
from img2img.base.schedule import cosine
from img2img.base.trainer import Optimizer, fit
from img2img.base.unconditional import Samples, Unconditional
from img2img.lab.perceptron import Perceptron

BATCH, LR, STEPS = 512, 0.02, 3000
AXIS = torch.linspace(-12, 13, 25001, dtype=torch.float64)


class Still(nn.Module):
    """G: z -> location + scale z, which learns nothing."""

    def __init__(self, location: float, scale: float) -> None:
        super().__init__()
        self.location, self.scale = location, scale

    def forward(self, z: Tensor) -> Tensor:
        """z: (N, 1)."""
        return self.location + self.scale * z


class Pair(NamedTuple):
    """What is real, what is drawn, and a D to tell them apart."""

    real: Distribution
    """p, on the line."""
    location: float
    scale: float
    """q = N(location, scale^2)."""
    D: Callable[[], nn.Module]

    def densities(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Of p and q."""
        return log_density(self.real, x).exp(), log_density(self.drawn, x).exp()

    @property
    def drawn(self) -> Distribution:
        """Q, what G draws."""
        return Normal(self.location, self.scale)


def log_density(distribution: Distribution, x: Tensor) -> Tensor:
    """Of each point."""
    found: Tensor = distribution.log_prob(x)
    return found


def camel() -> Distribution:
    """A sharp and a broad hump."""
    weights, places = torch.tensor([0.4, 0.6]), torch.tensor([-1.5, 1.0])
    humps = Normal(places, torch.tensor([0.3, 0.6]))
    return MixtureSameFamily(Categorical(weights), humps)


PAIRS = {
    "logistic": Pair(Normal(0.0, 1.0), 1.0, 1.0, lambda: nn.Linear(1, 1)),
    "camel": Pair(camel(), 0.0, 1.5, lambda: Perceptron(1, 1, width=64, slope=0.2)),
}


def value(pair: Pair, logit: Callable[[Tensor], Tensor]) -> float:
    """V = E_p log D + E_q log(1 - D), in nats, by quadrature; logit: (N,) -> (N,)."""
    p, q = pair.densities(AXIS)
    s = logit(AXIS)
    terms = p * logsigmoid(s) + q * logsigmoid(-s)
    return torch.trapezoid(terms, AXIS).item()


def best(pair: Pair, x: Tensor) -> Tensor:
    """The logit of D*: log p / q."""
    return log_density(pair.real, x) - log_density(pair.drawn, x)


def divergence(pair: Pair) -> float:
    """JSD(p, q) = (V(D*) + log 4) / 2, in nats."""
    return (value(pair, lambda x: best(pair, x)) + log(4)) / 2


def error(pair: Pair, logit: Callable[[Tensor], Tensor]) -> float:
    """The mean of |D - D*| over real and drawn samples."""
    p, q = pair.densities(AXIS)
    apart = (logit(AXIS).sigmoid() - best(pair, AXIS).sigmoid()).abs()
    return torch.trapezoid((p + q) / 2 * apart, AXIS).item()


def learn(pair: Pair, *, steps: int = STEPS, seed: int = 0) -> nn.Module:
    """D after its steps; G never has a turn."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        D = pair.D()
    trainer = Unconditional(Still(pair.location, pair.scale), D, latent=1)
    trainer.players = {"D": trainer.players["D"]}
    fall = cosine(steps)
    algorithm = Adam(D.parameters(), LR)
    optimizers = {"D": Optimizer(algorithm, lambda step: LR * fall(step))}
    for _ in fit(trainer, reals(pair, steps, seed), optimizers, Runtime("cpu"), seed=seed):
        pass
    return D


def reals(pair: Pair, steps: int, seed: int) -> Iterator[Samples]:
    """Fresh samples of p for each step, which follow from (seed, step)."""
    for step in range(steps):
        with torch.random.fork_rng(devices=[]):  # a distribution takes no generator
            torch.default_generator.manual_seed(seeded(seed, "real", step).initial_seed())
            points = pair.real.sample(torch.Size([BATCH, 1]))
        yield Samples(points)


@torch.no_grad()
def logits(D: nn.Module, x: Tensor) -> Tensor:
    """D on points of the line, (N,)."""
    said: Tensor = D(x.float()[:, None])[:, 0].double()
    return said
