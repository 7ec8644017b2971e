"""Penalties on D's gradient; `critic` closes over whatever D is conditioned on."""

from collections.abc import Callable

import torch
from torch import Tensor

from img2img.base.draws import uniform

Critic = Callable[[Tensor], Tensor]
Penalty = Callable[[Critic, Tensor, Tensor], Tensor]
"""(critic, real, fake) -> scalar, added to D's loss as it is."""
TINY = 1e-24  # a square root has no gradient at 0


def slopes(critic: Critic, x: Tensor) -> Tensor:
    """|grad_x critic(x)|^2 of each sample, (N,), differentiable once more.

    Of several logits a sample, as PatchGAN's, the mean is taken, as in the losses.
    """
    x = x.detach().requires_grad_()
    judged = critic(x).reshape(len(x), -1).mean(1)
    [gradient] = torch.autograd.grad(judged.sum(), x, create_graph=True)
    return gradient.square().flatten(1).sum(1)


def gradient_penalty(weight: float = 10.0) -> Penalty:
    """Weight * E (|grad D(u x + (1 - u) G(z))| - 1)^2, u ~ U(0, 1) (Gulrajani et al. 2017, (3))."""

    def penalty(critic: Critic, real: Tensor, fake: Tensor) -> Tensor:
        u = uniform("penalty", (len(real), *[1] * (real.ndim - 1)), real.device)
        mixed = u * real + (1 - u) * fake
        return weight * (slopes(critic, mixed).clamp_min(TINY).sqrt() - 1).square().mean()

    return penalty


def r1(weight: float = 10.0) -> Penalty:
    """Weight / 2 * E |grad D(x)|^2 on real pictures (Mescheder et al. 2018, equation 9)."""
    return lambda critic, real, _: weight / 2 * slopes(critic, real).mean()


PENALTIES: dict[str, Callable[[], Penalty]] = {"gp": gradient_penalty, "r1": r1}
