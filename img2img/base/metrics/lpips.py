"""LPIPS: learned perceptual similarity of features, version 0.1 (Zhang et al. 2018)."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.linalg import vector_norm

TINY = 1e-10  # of the authors' code: features that are 0 stay 0


def lpips(fake: Sequence[Tensor], real: Sequence[Tensor], heads: Sequence[Tensor]) -> Tensor:
    """d(x, x0) = sum_l 1/(H_l W_l) sum_hw w_l . (y_l - y0_l)^2 of unit y   (equation 1)

    Args:
        fake: the features of each layer l, (N, C_l, H_l, W_l) for a batch of N pictures.
        real: those of the pictures they should be.
        heads: the weights w_l of the squares, (C_l,), from 0 on: the paper's w_l squared.

    Returns:
        (N,): the distance of each picture, 0 for equal ones; lower is better.

    Raises:
        ValueError: features and heads are not of the same layers.
    """
    if not len(fake) == len(real) == len(heads):
        counts = f"{len(fake)} and {len(real)} layers"
        raise ValueError(f"features of {counts}, but {len(heads)} heads; give one for each layer")
    return torch.stack([_layer(*of_one) for of_one in zip(fake, real, heads, strict=True)]).sum(0)


def _layer(fake: Tensor, real: Tensor, head: Tensor) -> Tensor:
    """The distance by one layer, (N,)."""
    if fake.shape != real.shape or head.shape != fake.shape[1:2]:
        shapes = f"{tuple(fake.shape)} and {tuple(real.shape)}"
        raise ValueError(f"features of shapes {shapes} and a head of {tuple(head.shape)} differ")
    squares = (_unit(fake) - _unit(real)) ** 2
    return (squares * head[:, None, None]).sum(1).mean((1, 2))


def _unit(features: Tensor) -> Tensor:
    """Each place's features over their length."""
    # not sqrt of a sum of squares, whose gradient is nan where all features are 0
    length: Tensor = vector_norm(features, dim=1, keepdim=True)
    return features / (length + TINY)
