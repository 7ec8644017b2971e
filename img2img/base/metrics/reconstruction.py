"""Reconstruction error: how near a generator can come to given pictures (Xiang & Li 2017)."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

from img2img.base.draws import seeded
from img2img.base.metrics.lbfgs import minimise


class Recovered(NamedTuple):
    """What came nearest."""

    errors: Tensor  # (N,): the mean square over pixels and channels
    latents: Tensor  # (N, latent)


def reconstruction_error(
    generate: Callable[[Tensor], Tensor],
    targets: Tensor,
    *,
    latent: int,
    restarts: int = 3,
    steps: int = 100,
    seed: int = 0,
) -> Recovered:
    """min_z |G(z) - x|^2 of each target x, by L-BFGS from normal starts, the best of them.

    `generate` makes (N, latent) into pictures of the targets' shape, each from its own row alone:
    of a network in evaluation. All targets start from the same latents, so neither their order nor
    their batches matter. The minimum is a local one: compare figures of the same effort.

    Raises:
        ValueError: pictures of another shape come out, or there is no restart.
    """
    if restarts < 1:
        raise ValueError(f"{restarts} restarts find nothing; give 1 or more")

    def objective(z: Tensor) -> Tensor:
        made = generate(z)
        if made.shape != targets.shape:
            raise ValueError(f"pictures {tuple(made.shape)} of targets {tuple(targets.shape)}")
        return (made - targets).square().flatten(1).mean(dim=1)

    drawn = torch.randn(restarts, latent, generator=seeded("restarts", seed), dtype=torch.float64)
    starts = [start.expand(len(targets), latent) for start in drawn.to(targets)]
    found = [minimise(objective, start, steps=steps) for start in starts]
    errors, best = torch.stack([each.values for each in found]).min(dim=0)
    latents = torch.stack([each.points for each in found])
    return Recovered(errors, latents[best, torch.arange(len(targets))])
