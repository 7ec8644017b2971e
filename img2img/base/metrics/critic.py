"""Critic: the Wasserstein distance of two sets of features, by a critic trained for it alone.

Being independent of the generator's own, it can be compared between models (Danihelka et al. 2017);
what it says depends on its capacity and training, so compare figures of equal ones.
"""

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import relu, softplus

from img2img.base.draws import seeded
from img2img.base.metrics.features import Features, check_two
from img2img.base.penalties import slopes

HIDDEN = 64  # units of each of two layers
BATCH = 256
PENALTY = 100.0  # on slopes beyond 1: a gap g in units of the spread lets them be 1 + g / 200


def critic_distance(fake: Features, real: Features, *, steps: int = 400, seed: int = 0) -> float:
    """Mean f(real) - mean f(fake), f of slope 1 at most having learned from the others' halves.

    About W1 in the features' units, less what the critic did not find; it may come out below 0 for
    like sets. A slope beyond 1 is penalised as in Petzka et al. 2018, equation 8.

    Raises:
        ValueError: a set is of fewer than 2 pictures, or their features differ in length.
    """
    check_two(fake, real, least=2)
    x, y = (_shuffled(each, seed) for each in (real, fake))
    centre = torch.cat([x, y]).mean(dim=0)
    spread = max(float((torch.cat([x, y]) - centre).square().sum(dim=1).mean().sqrt()), 1e-12)
    x, y = ((each - centre) / spread for each in (x, y))  # one scale: slopes keep their meaning
    weights = _trained(x[::2], y[::2], steps, seed)
    return spread * float(_judged(weights, x[1::2]).mean() - _judged(weights, y[1::2]).mean())


def _shuffled(features: Features, seed: int) -> Tensor:
    """(n, d) in an order that tells nothing of where the pictures come from."""
    order = np.random.default_rng(seed).permutation(len(features))
    return torch.from_numpy(features.rows[order].astype(np.float64))


def _trained(x: Tensor, y: Tensor, steps: int, seed: int) -> list[Tensor]:
    """The weights of the critic that scores x high and y low."""
    drawn = seeded("critic", seed)
    sizes = [(x.shape[1] + 1, HIDDEN), (HIDDEN + 1, HIDDEN), (HIDDEN + 1, 1)]
    weights = [
        (torch.randn(size, generator=drawn, dtype=torch.float64) / size[0] ** 0.5).requires_grad_()
        for size in sizes
    ]
    optimizer = torch.optim.Adam(weights, lr=5e-3, betas=(0.5, 0.9))
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, steps)
    for _ in range(steps):
        real, other = (each[torch.randint(len(each), (BATCH,), generator=drawn)] for each in (x, y))
        u = torch.rand(BATCH, 1, generator=drawn, dtype=torch.float64)
        slope = slopes(lambda rows: _judged(weights, rows), u * real + (1 - u) * other)
        penalty = relu(slope.clamp_min(1e-24).sqrt() - 1).square().mean()
        gap = _judged(weights, real).mean() - _judged(weights, other).mean()
        optimizer.zero_grad()
        torch.autograd.backward(PENALTY * penalty - gap)
        optimizer.step()
        schedule.step()
    return [weight.detach() for weight in weights]


def _judged(weights: list[Tensor], rows: Tensor) -> Tensor:
    """(n,): softplus layers, whose last row of weights is the bias."""
    for layer, weight in enumerate(weights):
        rows = (softplus(rows) if layer else rows) @ weight[:-1] + weight[-1]
    return rows[:, 0]
