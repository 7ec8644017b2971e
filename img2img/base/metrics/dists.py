"""DISTS: structure and texture similarity of deep features (Ding et al. 2020)."""

from collections.abc import Sequence

import torch
from torch import Tensor

C1 = C2 = 1e-6


def dists(
    fake: Sequence[Tensor], real: Sequence[Tensor], alpha: Sequence[Tensor], beta: Sequence[Tensor]
) -> Tensor:
    """D(x, y) = 1 - sum_ij (alpha_ij l(x_ij, y_ij) + beta_ij s(x_ij, y_ij))   (section 3)

    Args:
        fake: the maps x_i of each layer i, (N, C_i, H_i, W_i); the first is the picture itself.
        real: those of the pictures they should be.
        alpha: the weights of texture, how alike the means of each map j are, (C_i,).
        beta: the weights of structure, how the maps vary together, (C_i,). All are divided by their
            sum, so that equal pictures are 0 apart.

    Returns:
        (N,) in float64: the distance of each picture, 0 for equal ones; lower is better.

    Raises:
        ValueError: features and weights are not of the same layers.
    """
    if not len(fake) == len(real) == len(alpha) == len(beta):
        counts = f"{len(fake)} and {len(real)} layers"
        weights = f"{len(alpha)} and {len(beta)} weights"
        raise ValueError(f"features of {counts}, but {weights}; give one of each for each layer")
    total = torch.cat([*alpha, *beta]).double().sum()
    groups = zip(fake, real, alpha, beta, strict=True)
    return 1 - torch.stack([_alike(*of_one) for of_one in groups]).sum(0) / total


def _alike(fake: Tensor, real: Tensor, alpha: Tensor, beta: Tensor) -> Tensor:
    """The weighted similarity by one layer, (N,)."""
    if fake.shape != real.shape or not alpha.shape == beta.shape == fake.shape[1:2]:
        shapes = f"{tuple(fake.shape)} and {tuple(real.shape)}"
        kinds = f"{tuple(alpha.shape)} and {tuple(beta.shape)}"
        raise ValueError(f"features of shapes {shapes} and weights of {kinds} differ")
    x, y = fake.flatten(2).double(), real.flatten(2).double()
    mean_x, mean_y = x.mean(2), y.mean(2)
    # about their means: the product's mean less theirs loses digits, and is not 1 of equal maps
    off_x, off_y = x - mean_x[..., None], y - mean_y[..., None]
    variances = (off_x**2).mean(2) + (off_y**2).mean(2)
    texture = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    structure = (2 * (off_x * off_y).mean(2) + C2) / (variances + C2)
    return (alpha * texture + beta * structure).sum(1)
