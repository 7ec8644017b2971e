"""Normalisations, through functions of our own.

On torch 2.15's CPU, `torch.nn.functional.instance_norm` returns wrong input gradients at batch 1
when the arriving gradient is channels-last, and so does the batch_norm over (1, N * C, H, W) that
it is made of; over (1, N * C, H * W) it is right.
"""

from math import gcd

import torch
from torch import Tensor, nn

NORMS = ("batch", "instance", "group", "none")
EPSILON = 1e-5


def instance_norm(x: Tensor) -> Tensor:
    """Each channel of each sample to mean 0 and variance 1 over its pixels; x: (N, C, H, W)."""
    n, c, h, w = x.shape
    row = x.reshape(1, n * c, h * w)
    # not functional.batch_norm: it refuses a single pixel, whose normalised value is 0
    normed = torch.batch_norm(row, None, None, None, None, True, 0.0, EPSILON, True)
    return normed.reshape(n, c, h, w)


class InstanceNorm(nn.Module):
    """Instance normalisation without weights (Ulyanov et al. 2016)."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        return instance_norm(x)


class BatchNorm(nn.Module):
    """Batch normalisation (Ioffe and Szegedy 2015) that can use a picture's own statistics.

    In training the batch's statistics are used. In evaluation `image` chooses between each
    sample's own, as networks trained at batch 1 need, and the running averages. Processes do not
    share statistics: each normalises its part of the batch, and the first one's averages are kept.
    """

    running_mean: Tensor
    running_var: Tensor

    def __init__(self, channels: int, momentum: float = 0.1) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))
        self.momentum = momentum
        self.image = True

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        if not self.training and self.image:
            return instance_norm(x) * self.weight[:, None, None] + self.bias[:, None, None]
        return torch.batch_norm(
            x, self.weight, self.bias, self.running_mean, self.running_var,
            self.training, self.momentum, EPSILON, True,
        )  # fmt: skip


def norm(name: str, channels: int) -> nn.Module:
    """The normalisation called `name` for so many channels.

    Raises:
        ValueError: the name is not one of NORMS.
    """
    if name == "batch":
        return BatchNorm(channels)
    if name == "instance":
        return InstanceNorm()
    if name == "group":
        return nn.GroupNorm(gcd(32, channels), channels)
    if name == "none":
        return nn.Identity()
    raise ValueError(f"unknown norm {name!r}; choose from {', '.join(NORMS)}")


def use_image_statistics(network: nn.Module, image: bool) -> None:
    """In evaluation, every batch norm uses each picture's own statistics, or the running ones."""
    for module in network.modules():
        if isinstance(module, BatchNorm):
            module.image = image
