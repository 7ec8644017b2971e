"""Descent for games, where plain gradient steps circle the solution or move away from it."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

Closure = Callable[[], float]


class ExtraGradient(Optimizer):
    """w' = w - lr grad(w),  w <- w - lr grad(w')   (Korpelevich 1976).

    Each `step` is half an iteration: by turns it looks ahead, and goes from where it stood. All
    players must take both together, so they are one player of the game, or it is another method.
    """

    def __init__(self, weights: Iterable[nn.Parameter], lr: float) -> None:
        super().__init__(weights, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Closure | None = None) -> float | None:  # type: ignore[override]
        """Half an iteration."""
        value = None if closure is None else torch.enable_grad()(closure)()
        for weight, gradient, lr, state in moving(self):
            stood = state.pop("stood", None)
            if stood is None:
                state["stood"] = weight.clone()
            else:
                weight.copy_(stood)
            weight.sub_(gradient, alpha=lr)
        return value


class Optimistic(Optimizer):
    """w <- w - 2 lr grad_t + lr grad_(t-1)   (Daskalakis et al. 2018, equation 3).

    The first step is a plain one: before it the gradient is taken to have been the same.
    """

    def __init__(self, weights: Iterable[nn.Parameter], lr: float) -> None:
        super().__init__(weights, {"lr": lr})

    @torch.no_grad()
    def step(self, closure: Closure | None = None) -> float | None:  # type: ignore[override]
        """One iteration."""
        value = None if closure is None else torch.enable_grad()(closure)()
        for weight, gradient, lr, state in moving(self):
            before = state.get("gradient", gradient)
            weight.sub_(2 * gradient - before, alpha=lr)
            state["gradient"] = gradient.clone()
        return value


def moving(optimizer: Optimizer) -> Iterator[tuple[nn.Parameter, Tensor, float, dict[str, Any]]]:
    """Each weight with a gradient, its learning rate and what is remembered of it."""
    for group in optimizer.param_groups:
        for weight in group["params"]:
            if weight.grad is not None:
                yield weight, weight.grad, group["lr"], optimizer.state[weight]
