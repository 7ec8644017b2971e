from collections.abc import Callable
from math import log, sqrt
from typing import NamedTuple

import numpy as np
import pytest
import torch
from torch import Tensor

from img2img.base.adversarial import ADVERSARIAL, MINIMAX
from img2img.base.divergences import DIVERGENCES
from img2img.base.judgement import Judgement

Function = Callable[[Tensor], Tensor]


class Table(NamedTuple):
    """What the paper says of a divergence (tables 1 and 2), and the best logit, by hand."""

    f: Function
    slope: Function
    """f'."""
    conjugate: Function
    """f*."""
    low: float
    high: float
    """The domain of f*."""
    logit: Function
    """g_f(logit(u)) = f'(u)."""


INF = float("inf")
PAPER = {
    "f-total-variation": Table(
        lambda u: (u - 1).abs() / 2, lambda u: (u - 1).sign() / 2, lambda t: t,
        -0.5, 0.5, lambda u: (u - 1).sign() * 40,
    ),
    "f-kl": Table(
        lambda u: u * u.log(), lambda u: 1 + u.log(), lambda t: (t - 1).exp(),
        -INF, INF, lambda u: 1 + u.log(),
    ),
    "f-reverse-kl": Table(
        lambda u: -u.log(), lambda u: -1 / u, lambda t: -1 - (-t).log(),
        -INF, 0.0, lambda u: u.log(),
    ),
    "f-pearson": Table(
        lambda u: (u - 1) ** 2, lambda u: 2 * (u - 1), lambda t: t**2 / 4 + t,
        -INF, INF, lambda u: 2 * (u - 1),
    ),
    "f-hellinger": Table(
        lambda u: (u.sqrt() - 1) ** 2, lambda u: 1 - u**-0.5, lambda t: t / (1 - t),
        -INF, 1.0, lambda u: u.log() / 2,
    ),
    "f-jensen-shannon": Table(
        lambda u: -(u + 1) * ((1 + u) / 2).log() + u * u.log(),
        lambda u: (2 * u / (1 + u)).log(), lambda t: -(2 - t.exp()).log(),
        -INF, log(2), lambda u: u.log(),
    ),
    "f-gan": Table(
        lambda u: u * u.log() - (u + 1) * (u + 1).log(),
        lambda u: (u / (1 + u)).log(), lambda t: -(1 - t.exp()).log(),
        -INF, 0.0, lambda u: u.log(),
    ),
}  # fmt: skip
U = torch.tensor([0.01, 0.1, 0.5, 0.9, 1.0, 1.5, 3.0, 20.0], dtype=torch.float64)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_best_function_of_a_ratio_costs_what_fenchel_says(name: str) -> None:
    paper, ours = PAPER[name], DIVERGENCES[name]
    v = paper.logit(U)
    t = paper.slope(U)
    torch.testing.assert_close(ours.activation(v), t, rtol=1e-10, atol=1e-12)
    cost = U * t - paper.f(U)
    torch.testing.assert_close(paper.conjugate(t), cost, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(ours.conjugate(v), cost, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_activation_stays_in_the_domain_of_the_conjugate(name: str) -> None:
    paper, ours = PAPER[name], DIVERGENCES[name]
    v = torch.linspace(-15, 15, 101, dtype=torch.float64)
    t = ours.activation(v)
    assert (t > paper.low).all() and (t < paper.high).all()
    assert (t.diff() > 0).all()  # the higher the logit, the more real
    torch.testing.assert_close(ours.conjugate(v), paper.conjugate(t), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_threshold_is_where_the_densities_are_equal(name: str) -> None:
    one = torch.ones((), dtype=torch.float64)
    v = one * DIVERGENCES[name].threshold
    assert DIVERGENCES[name].activation(v).item() == pytest.approx(PAPER[name].slope(one).item())
    assert ADVERSARIAL[name].threshold == DIVERGENCES[name].threshold


X = torch.linspace(-12, 13, 20_001, dtype=torch.float64)
P, Q = (torch.exp(-((X - mean) ** 2) / 2) / sqrt(2 * np.pi) for mean in (0.0, 0.5))


def integral(values: Tensor) -> float:
    return torch.trapezoid(values, X).item()


CLOSED = {  # of N(0, 1) from N(0.5, 1)
    "f-kl": 0.5**2 / 2,
    "f-reverse-kl": 0.5**2 / 2,
    "f-pearson": np.expm1(0.5**2),
    "f-hellinger": 2 * (1 - np.exp(-(0.5**2) / 8)),
    "f-total-variation": 2 * 0.5987063256829237 - 1,  # 2 Phi(1/4) - 1
}


@pytest.mark.parametrize("name", DIVERGENCES)
def test_the_best_judges_loss_is_minus_the_divergence(name: str) -> None:
    v = PAPER[name].logit(P / Q)
    ours = DIVERGENCES[name]
    bound = integral(P * ours.activation(v)) - integral(Q * ours.conjugate(v))
    divergence = integral(Q * PAPER[name].f(P / Q))
    assert bound == pytest.approx(divergence, abs=1e-7)
    if name in CLOSED:
        assert divergence == pytest.approx(CLOSED[name], abs=1e-6)
    other = v + 0.1 * torch.sin(X)
    worse = integral(P * ours.activation(other)) - integral(Q * ours.conjugate(other))
    assert worse < bound + 1e-12


@pytest.mark.parametrize(("name", "apart"), [("f-gan", 0.0), ("f-jensen-shannon", 2 * log(2))])
def test_two_of_them_are_the_minimax_game(name: str, apart: float) -> None:
    real, fake = (Judgement(torch.randn(5, 1, 3, 3, dtype=torch.float64)) for _ in "rf")
    gan = ADVERSARIAL[name]
    found = gan.discriminator(real, fake) + apart
    torch.testing.assert_close(found, MINIMAX.discriminator(real, fake))
    found = gan.generator(fake, None) - apart / 2
    torch.testing.assert_close(found, MINIMAX.generator(fake, None))
