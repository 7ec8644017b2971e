"""min_x max_y x y: the smallest game, on which plain gradient steps fail."""

from collections.abc import Callable, Iterable
from math import hypot, sqrt
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.optim import SGD
from torch.optim import Optimizer as Algorithm

from img2img.base.optimizers import ExtraGradient, Optimistic
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, Player, Terms, Trainer, fit

ETA = 0.1
ITERATIONS = 1000
Path = list[tuple[float, float]]
"""(x, y) at the start and after each iteration."""


class Nothing(NamedTuple):
    """No data is needed; a batch of one row."""

    x: Tensor


class Nobody(NamedTuple):
    """Nobody generates."""


class Number(nn.Module):
    """A player who chooses a number, 1 at first."""

    def __init__(self) -> None:
        super().__init__()
        self.value = nn.Parameter(torch.ones((), dtype=torch.float64))


class Bilinear(Trainer[Nothing, Nobody]):
    """V(x, y) = x y; x minimises it and y maximises it, at once or by turns."""

    def __init__(self, *, simultaneous: bool) -> None:
        super().__init__()
        self.X, self.Y = Number(), Number()
        if simultaneous:
            self.players = {"both": Player((self.X, self.Y), self.both)}
        else:
            self.players = {"x": Player((self.X,), self.of_x), "y": Player((self.Y,), self.of_y)}

    def forward(self, batch: Nothing) -> Nobody:
        """Nothing to judge."""
        return Nobody()

    def of_x(self, batch: Nothing, fakes: Nobody) -> Terms:
        """V."""
        yield "x", self.X.value * self.Y.value.detach()

    def of_y(self, batch: Nothing, fakes: Nobody) -> Terms:
        """-V."""
        yield "y", -self.X.value.detach() * self.Y.value

    def both(self, batch: Nothing, fakes: Nobody) -> Terms:
        """Each term moves its own number alone."""
        yield from self.of_x(batch, fakes)
        yield from self.of_y(batch, fakes)


class Method(NamedTuple):
    """How the players move."""

    algorithm: Callable[[Iterable[nn.Parameter], float], Algorithm]
    simultaneous: bool = True
    halves: int = 1
    """Steps of the loop that make an iteration."""


METHODS = {
    "simultaneous": Method(SGD),
    "alternating": Method(SGD, simultaneous=False),
    "extragradient": Method(ExtraGradient, halves=2),
    "optimistic": Method(Optimistic),
}


def path(method: Method, iterations: int = ITERATIONS) -> Path:
    """Where the game goes from (1, 1)."""
    trainer = Bilinear(simultaneous=method.simultaneous)
    optimizers = {
        name: Optimizer(method.algorithm(player.weights(), ETA), lambda step: ETA)
        for name, player in trainer.players.items()
    }
    batches = [Nothing(torch.zeros(1))] * (iterations * method.halves)
    places = [(1.0, 1.0)]
    for step in fit(trainer, batches, optimizers, Runtime("cpu")):
        if (step.number + 1) % method.halves == 0:
            places.append((trainer.X.value.item(), trainer.Y.value.item()))
    return places


def distance(places: Path) -> float:
    """From the solution (0, 0) in the end; sqrt(2) at the start."""
    return hypot(*places[-1])


def expected(iterations: int = ITERATIONS) -> dict[str, float]:
    """The closed forms of the distances that have a simple one."""
    return {
        "simultaneous": sqrt(2) * (1 + ETA**2) ** (iterations / 2),
        "extragradient": sqrt(2) * ((1 - ETA**2) ** 2 + ETA**2) ** (iterations / 2),
    }
