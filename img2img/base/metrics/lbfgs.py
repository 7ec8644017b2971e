"""L-BFGS for many small problems at once, none of which feels the others (Nocedal 1980)."""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

MEMORY = 10  # pairs
HALVINGS = 20
SUFFICIENT = 1e-4  # of the fall that the slope promises (Armijo)

Objective = Callable[[Tensor], Tensor]  # (n, d) -> (n,), each row's own


class Minimum(NamedTuple):
    """Where each problem ended."""

    points: Tensor  # (n, d)
    values: Tensor  # (n,)


class Pair(NamedTuple):
    """What a step taught of the curvature."""

    s: Tensor  # (n, d): the step
    y: Tensor  # (n, d): the change of the gradient
    rho: Tensor  # (n,): 1 / <s, y>; 0 where that is not positive, and so nothing is learned


def minimise(objective: Objective, start: Tensor, *, steps: int) -> Minimum:
    """From start (n, d), by steps that are halved until each problem's value falls enough."""
    x, pairs = start.detach(), deque[Pair](maxlen=MEMORY)
    value, gradient = _evaluate(objective, x)
    scale = 1 / gradient.norm(dim=1).clamp(min=1)  # the first step is no longer than 1
    for _ in range(steps):
        direction = -_newton(gradient, pairs, scale)
        s = direction * _length(objective, x, value, direction, _dot(gradient, direction))[:, None]
        moved = x + s
        value, after = _evaluate(objective, moved)
        y = after - gradient
        curvature, square = _dot(s, y), _dot(y, y)
        learned = curvature > 1e-12 * square
        pairs.append(Pair(s, y, torch.where(learned, 1 / curvature, 0)))
        scale = torch.where(learned, curvature / square, scale)
        x, gradient = moved, after
    return Minimum(x, value)


def _newton(gradient: Tensor, pairs: deque[Pair], scale: Tensor) -> Tensor:
    """The inverse Hessian that the pairs suggest, times the gradient: two loops over them."""
    q, alphas = gradient, []
    for s, y, rho in reversed(pairs):
        alphas.append(rho * _dot(s, q))
        q = q - alphas[-1][:, None] * y
    q = q * scale[:, None]
    for (s, y, rho), alpha in zip(pairs, reversed(alphas), strict=True):
        q = q + (alpha - rho * _dot(y, q))[:, None] * s
    return q


def _length(
    objective: Objective, x: Tensor, value: Tensor, direction: Tensor, slope: Tensor
) -> Tensor:
    """(n,): the greatest of 1, 1/2, 1/4, ... that lets the value fall enough; 0 without one."""
    length = torch.ones_like(value)
    with torch.no_grad():
        for _ in range(HALVINGS):
            tried = objective(x + length[:, None] * direction)
            enough = tried <= value + SUFFICIENT * length * slope
            if enough.all():
                return length
            length = torch.where(enough, length, length / 2)
    return torch.where(enough, length, 0)


def _evaluate(objective: Objective, x: Tensor) -> tuple[Tensor, Tensor]:
    """The values (n,) and their gradients (n, d)."""
    with torch.enable_grad():
        leaf = x.detach().requires_grad_()
        values = objective(leaf)
        (gradient,) = torch.autograd.grad(values.sum(), leaf)
    return values.detach(), gradient


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a * b).sum(dim=1)
