"""Every random number follows from (seed, step, turn, name, call): no random state is ever saved.

A draw is made for the whole (global) batch, and each process or micro-batch takes its own rows of
it, so that neither their count nor a resumed run changes a single number.
"""

from collections import Counter
from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import torch
from torch import Tensor, nn


class Position(NamedTuple):
    """Where in the game a number is drawn."""

    seed: int
    step: int
    turn: str = ""
    """Whose turn it is: a player's name, or "fakes" while they are generated."""
    share: int = 0
    shares: int = 1
    """This process and micro-batch hold rows [share * n, (share + 1) * n) of shares * n."""


_position = Position(seed=0, step=0)
_calls: Counter[str] = Counter()


def begin(position: Position) -> None:
    """All draws from here on belong to `position`."""
    global _position
    _position = position
    _calls.clear()


def step() -> int:
    """The step that is played, from 0: what grows or decays follows from it."""
    return _position.step


def seeded(*key: object, device: torch.device | str = "cpu") -> torch.Generator:
    """A generator that depends on `key` alone."""
    digest = blake2b(repr(key).encode(), digest_size=8).digest()
    return torch.Generator(device).manual_seed(int.from_bytes(digest, "little") >> 1)


def generator(name: str, device: torch.device | str = "cpu") -> torch.Generator:
    """The generator of the next draw called `name` at the present position."""
    call = _calls[name]
    _calls[name] += 1
    seed, step, turn, *_ = _position
    return seeded(seed, step, turn, name, call, device=device)


def uniform(name: str, shape: Sequence[int], device: torch.device | str = "cpu") -> Tensor:
    """U[0, 1) of `shape`, this share's rows of the draw for the global batch."""
    rows = shape[0]
    whole = (rows * _position.shares, *shape[1:])
    drawn = torch.rand(whole, generator=generator(name, device), device=device)
    return drawn[_position.share * rows :][:rows]


def normal(name: str, shape: Sequence[int], device: torch.device | str = "cpu") -> Tensor:
    """N(0, 1) of `shape`, this share's rows of the draw for the global batch."""
    rows = shape[0]
    whole = (rows * _position.shares, *shape[1:])
    drawn = torch.randn(whole, generator=generator(name, device), device=device)
    return drawn[_position.share * rows :][:rows]


class Drawing(nn.Module):
    """A module that draws; `name_modules` gives it the name that it draws under."""

    name: str = ""


def name_modules(root: nn.Module) -> None:
    """Name every drawing module after its place in `root`."""
    for name, module in root.named_modules():
        if isinstance(module, Drawing):
            module.name = name


class Dropout(Drawing):
    """Zeroes each value with the given probability and scales the rest by 1 / (1 - probability)."""

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.probability = probability

    def forward(self, x: Tensor) -> Tensor:
        """x: (N, ...); unchanged in evaluation."""
        if not self.training:
            return x
        kept = uniform(self.name, x.shape, x.device) >= self.probability
        return x * kept / (1 - self.probability)
