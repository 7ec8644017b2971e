"""Penalties on D's gradient and logits; `critic` closes over whatever D is conditioned on."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import relu

from img2img.base.draws import uniform

Critic = Callable[[Tensor], Tensor]
Penalty = Callable[[Critic, Tensor, Tensor], Tensor]
"""(critic, real, fake) -> scalar, to be added to D's loss before that is weighted as a whole."""
TINY = 1e-24  # a square root has no gradient at 0


def slopes(critic: Critic, x: Tensor) -> Tensor:
    """|grad_x critic(x)|^2 of each sample, (N,), differentiable once more.

    Of several logits a sample, as PatchGAN's, the mean is taken, as in the losses.
    """
    x = x.detach().requires_grad_()
    judged = critic(x).reshape(len(x), -1).mean(1)
    [gradient] = torch.autograd.grad(judged.sum(), x, create_graph=True)
    return gradient.square().flatten(1).sum(1)


def excess(critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
    """|grad critic| - 1 at u x + (1 - u) G(z), u ~ U(0, 1) for each sample, (N,)."""
    u = uniform("penalty", (len(real), *[1] * (real.ndim - 1)), real.device)
    mixed = u * real + (1 - u) * fake
    return slopes(critic, mixed).clamp_min(TINY).sqrt() - 1


def gradient_penalty(weight: float = 10.0) -> Penalty:
    """Weight * E (|grad D(x')| - 1)^2 between real and fake (Gulrajani et al. 2017, equation 3)."""
    return lambda critic, real, fake: weight * excess(critic, real, fake).square().mean()


def lipschitz_penalty(weight: float = 10.0) -> Penalty:
    """Weight * E max(0, |grad D(x')| - 1)^2, the one-sided form (Petzka et al. 2018, equation 8).

    A slope below 1 costs nothing: the best critic has such slopes.
    """
    return lambda critic, real, fake: weight * relu(excess(critic, real, fake)).square().mean()


def r1(weight: float = 10.0) -> Penalty:
    """Weight / 2 * E |grad D(x)|^2 on real pictures (Mescheder et al. 2018, equation 9)."""
    return lambda critic, real, _: weight / 2 * slopes(critic, real).mean()


def r2(weight: float = 10.0) -> Penalty:
    """Weight / 2 * E |grad D(G(z))|^2 on fake pictures (Mescheder et al. 2018, equation 10)."""
    return lambda critic, _, fake: weight / 2 * slopes(critic, fake).mean()


def drift(weight: float = 1e-3) -> Penalty:
    """Weight * E D(x)^2, which holds a critic near 0 (Karras et al. 2018, appendix A.1)."""
    return lambda critic, real, _: weight * critic(real).square().mean()


PENALTIES: dict[str, Callable[..., Penalty]] = {
    "gp": gradient_penalty,
    "lp": lipschitz_penalty,
    "r1": r1,
    "r2": r2,
    "drift": drift,
}


def together(penalties: Sequence[Penalty]) -> Penalty | None:
    """Their sum; None of none."""
    if not penalties:
        return None

    def penalty(critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        return torch.stack([each(critic, real, fake) for each in penalties]).sum()

    return penalty
