"""Dirac-GAN: one point to find and one slope to judge by (Mescheder et al. 2018, section 2).

In continuous time theta and psi keep their distance r from (0, 0) under minimax and Wasserstein.
Under the non-saturating loss d r^2 / dt = -2 theta psi tanh(theta psi / 2), over a turn about
-r^4 / 8 in the mean: they circle inwards, ever more slowly, r = (t / 8 + 1 / r_0^2)^(-1/2). With R1
they arrive exponentially fast.
"""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.optim import SGD

from img2img.base.adversarial import MINIMAX, NON_SATURATING, WASSERSTEIN, Adversarial
from img2img.base.penalties import Penalty, gradient_penalty, r1
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, fit
from img2img.base.unconditional import Samples, Unconditional

LR = 0.1
STEPS = 1000
Path = list[tuple[float, float]]
"""(theta, psi) at the start and after each step."""


class Point(nn.Module):
    """G: all its samples are at theta."""

    def __init__(self, theta: float) -> None:
        super().__init__()
        self.theta = nn.Parameter(torch.tensor(theta))

    def forward(self, z: Tensor) -> Tensor:
        """z: (N, 1), of which nothing is used but N."""
        return self.theta.expand(len(z), 1)


class Slope(nn.Module):
    """D: x -> psi x."""

    def __init__(self, psi: float) -> None:
        super().__init__()
        self.psi = nn.Parameter(torch.tensor(psi))

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, 1)."""
        return self.psi * x


class Rules(NamedTuple):
    """A loss and perhaps a penalty."""

    gan: Adversarial
    penalty: Penalty | None = None


RULES = {
    "minimax": Rules(MINIMAX),
    "non-saturating": Rules(NON_SATURATING),
    "wasserstein": Rules(WASSERSTEIN),
    "wasserstein-gp": Rules(WASSERSTEIN, gradient_penalty(0.5)),
    "non-saturating-r1": Rules(NON_SATURATING, r1(1.0)),
}


def path(rules: Rules, steps: int = STEPS) -> Path:
    """Where G and D go from (1, 1), by turns; all real samples are at 0."""
    G, D = Point(1.0), Slope(1.0)
    trainer = Unconditional(G, D, latent=1, gan=rules.gan, penalty=rules.penalty)
    optimizers = {
        name: Optimizer(SGD(player.weights(), LR), lambda step: LR)
        for name, player in trainer.players.items()
    }
    places = [(1.0, 1.0)]
    for _ in fit(trainer, [Samples(torch.zeros(1, 1))] * steps, optimizers, Runtime("cpu")):
        places.append((G.theta.item(), D.psi.item()))
    return places
