"""f-divergences: D_f(P || Q) = sup_T E_P T - E_Q f*(T), seven of them (Nowozin et al. 2016)."""

from collections.abc import Callable
from math import log
from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import softplus

Function = Callable[[Tensor], Tensor]


class Divergence(NamedTuple):
    """A row of tables 2 and 6: what makes T of a logit v, and what that costs on Q.

    Where T is best, g_f(v) = f'(p / q).
    """

    activation: Function
    """g_f: T = g_f(v), in the domain of f*."""
    conjugate: Function
    """f*(g_f(v)), simplified: T of a sure logit rounds to the edge where f* is infinite."""
    threshold: float = 0.0
    """The v of p = q: g_f(v) = f'(1)."""


DIVERGENCES = {
    "f-total-variation": Divergence(  # f(u) = |u - 1| / 2, f*(t) = t
        activation=lambda v: v.tanh() / 2,
        conjugate=lambda v: v.tanh() / 2,
    ),
    "f-kl": Divergence(  # f(u) = u log u, f*(t) = exp(t - 1)
        activation=lambda v: v,
        conjugate=lambda v: (v - 1).exp(),
        threshold=1.0,
    ),
    "f-reverse-kl": Divergence(  # f(u) = -log u, f*(t) = -1 - log(-t)
        activation=lambda v: -(-v).exp(),
        conjugate=lambda v: v - 1,
    ),
    "f-pearson": Divergence(  # f(u) = (u - 1)^2, f*(t) = t^2 / 4 + t
        activation=lambda v: v,
        conjugate=lambda v: v.square() / 4 + v,
    ),
    "f-hellinger": Divergence(  # f(u) = (sqrt(u) - 1)^2, f*(t) = t / (1 - t)
        activation=lambda v: -(-v).expm1(),
        conjugate=lambda v: v.expm1(),
    ),
    "f-jensen-shannon": Divergence(  # f(u) = u log u - (u + 1) log((u + 1) / 2)
        activation=lambda v: log(2) - softplus(-v),
        conjugate=lambda v: softplus(v) - log(2),  # f*(t) = -log(2 - exp(t))
    ),
    "f-gan": Divergence(  # f(u) = u log u - (u + 1) log(u + 1), f*(t) = -log(1 - exp(t))
        activation=lambda v: -softplus(-v),
        conjugate=softplus,
    ),
}
