"""A method is a game between players, and one loop plays every game."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import torch
from torch import Tensor, nn

from img2img.base import draws
from img2img.base.runtime import Runtime
from img2img.base.schedule import Schedule

Batch = TypeVar("Batch")
Fakes = TypeVar("Fakes", bound=tuple[Tensor, ...])
Terms = Iterator[tuple[str, Tensor]]


def every(n: int, *, first: int = 0) -> range:
    """Every n-th step from `first` on (n_critic of WGAN, lazy regularisation of StyleGAN2)."""
    return range(first + n - 1, sys.maxsize, n)


class Player(NamedTuple):
    """One side of the game."""

    networks: tuple[nn.Module, ...]
    losses: Callable[[Any, Any], Terms]
    """(batch, fakes) -> named scalar terms, already weighted; the objective is their sum."""
    generates: bool = False
    """The gradient of its terms flows on into the fakes."""
    steps: range = every(1)
    """When it plays, counted from 0."""

    def weights(self) -> list[nn.Parameter]:
        """What the player moves."""
        return [weight for network in self.networks for weight in network.parameters()]


class Trainer(ABC, nn.Module, Generic[Batch, Fakes]):
    """A paper's game: networks in, losses out."""

    players: Mapping[str, Player]
    """In the order of their turns."""

    @abstractmethod
    def forward(self, batch: Batch) -> Fakes:
        """Generate once; every player judges the result."""


class Optimizer(NamedTuple):
    """How a player descends."""

    algorithm: torch.optim.Optimizer
    lr: Schedule
    """The learning rate at a step."""
    clip: float | None = None
    """The largest norm of the whole gradient."""
    bound: float | None = None
    """No weight leaves [-bound, bound] (Arjovsky et al. 2017, algorithm 1)."""


class Step(NamedTuple):
    """What happened in one step."""

    number: int
    batch: Any
    """The last micro-batch, on the device."""
    fakes: Any
    """Its fakes; None if nobody played."""
    losses: dict[str, Tensor]
    """Every term's value, this process's mean over the batch; on the device, without a graph."""


def fit(
    trainer: Trainer[Batch, Fakes],
    batches: Iterable[Batch],
    optimizers: Mapping[str, Optimizer],
    runtime: Runtime,
    *,
    seed: int = 0,
    first: int = 0,
) -> Iterator[Step]:
    """Play one step on every batch. The caller logs, samples, saves and stops between the steps."""
    draws.name_modules(trainer)
    trainer.train()
    for number, batch in enumerate(batches, first):
        playing = {k: p for k, p in trainer.players.items() if number in p.steps}
        parts = runtime.parts(batch)
        # the only part's graph waits for the player that needs it; of several, each is made anew
        waits = len(parts) == 1 and any(player.generates for player in playing.values())
        made: dict[int, Fakes] = {}
        losses: dict[str, Tensor] = {}
        for name, player in playing.items():
            for share, part in parts:
                place = draws.Position(seed, number, name, share, runtime.shares)
                fakes = made.get(share)
                if fakes is None or (player.generates and not fakes[0].requires_grad):
                    fakes = generate(trainer, part, place, runtime, waits or player.generates)
                draws.begin(place)
                for term, loss in play(player, part, fakes, runtime):
                    losses[term] = losses.get(term, 0) + loss
                made[share] = fakes if waits and not player.generates else detach(fakes)
            descend(player, optimizers[name], number, runtime)
        share, part = parts[-1]
        yield Step(number, part, made.get(share), losses)


def generate(
    trainer: Trainer[Batch, Fakes],
    batch: Batch,
    place: draws.Position,
    runtime: Runtime,
    graph: bool,
) -> Fakes:
    """The fakes, the same however often they are made at one place."""
    draws.begin(place._replace(turn="fakes"))
    with torch.set_grad_enabled(graph), runtime.autocast():
        fakes: Fakes = trainer(batch)
    return fakes


def play(
    player: Player, batch: Batch, fakes: Fakes, runtime: Runtime
) -> Iterator[tuple[str, Tensor]]:
    """One player's turn: each term's graph is freed before the next is built.

    The fakes are leaves meanwhile; their gradients go on through the generator once, at the end.
    """
    leaves = detach(fakes)
    weights: list[Tensor] = [*player.weights()]
    inputs = weights  # other players' weights receive no gradient
    if player.generates:
        inputs = weights + [leaf.requires_grad_() for leaf in leaves]
    with runtime.autocast():
        for name, term in player.losses(batch, leaves):
            term = term / runtime.accumulate
            torch.autograd.backward(term, inputs=inputs)
            yield name, term.detach()
    if player.generates:
        both = zip(fakes, leaves, strict=True)
        reached = [(fake, leaf.grad) for fake, leaf in both if leaf.grad is not None]
        results, gradients = [fake for fake, _ in reached], [gradient for _, gradient in reached]
        torch.autograd.backward(results, gradients, inputs=weights)


def descend(player: Player, optimizer: Optimizer, number: int, runtime: Runtime) -> None:
    """Move the player's weights against the mean gradient of all processes."""
    weights = player.weights()
    runtime.average(weights)
    if optimizer.clip is not None:
        nn.utils.clip_grad_norm_(weights, optimizer.clip)
    for group in optimizer.algorithm.param_groups:
        group["lr"] = optimizer.lr(number)
    optimizer.algorithm.step()
    optimizer.algorithm.zero_grad()
    if optimizer.bound is not None:
        with torch.no_grad():
            for weight in weights:
                weight.clamp_(-optimizer.bound, optimizer.bound)


def detach(fakes: Fakes) -> Fakes:
    """The same pictures without their history."""
    return type(fakes)(*(fake.detach() for fake in fakes))
