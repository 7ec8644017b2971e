"""Mixed: Inception's block of convolutions side by side (Szegedy et al. 2016, figures 5 to 7)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import relu_

from img2img.networks.features.frozen import FrozenNorm

Kernel = int | tuple[int, int]
Step = tuple[str, int, Kernel]  # name, channels and kernel (height and width) of a convolution


class Way(NamedTuple):
    """Convolutions in a row, and those that share its end."""

    trunk: tuple[Step, ...]
    tips: tuple[Step, ...]


def row(*steps: Step) -> Way:
    """A way that does not fork."""
    return Way(steps[:-1], steps[-1:])


class Convolution(nn.Module):
    """Convolution without a bias, norm, ReLU."""

    def __init__(
        self, inputs: int, channels: int, kernel: Kernel, stride: int = 1, *, pads: bool = True
    ) -> None:
        super().__init__()
        height, width = (kernel, kernel) if isinstance(kernel, int) else kernel
        around = (height // 2, width // 2) if pads else (0, 0)
        self.conv = nn.Conv2d(inputs, channels, (height, width), stride, around, bias=False)
        self.bn = FrozenNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H', W')."""
        return relu_(self.bn(self.conv(x)))


class Mixed(nn.Module):
    """Ways side by side and a pool, their results concatenated in this order.

    The pool is followed by a convolution to `pooled` channels, if that is not 0. Where a block
    `halves` the picture, the last step of each way has stride 2 and no padding.
    """

    def __init__(
        self, inputs: int, *ways: Way, pool: nn.Module, pooled: int = 0, halves: bool = False
    ) -> None:
        super().__init__()
        self.ways = ways
        for way in ways:
            channels = inputs
            for name, outputs, kernel in way.trunk:
                self.add_module(name, Convolution(channels, outputs, kernel))
                channels = outputs
            for name, outputs, kernel in way.tips:
                stride = 2 if halves else 1
                tip = Convolution(channels, outputs, kernel, stride, pads=not halves)
                self.add_module(name, tip)
        self.pool = pool
        self.branch_pool = Convolution(inputs, pooled, 1) if pooled else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H', W')."""
        results = []
        for way in self.ways:
            y = x
            for name, _, _ in way.trunk:
                y = self.get_submodule(name)(y)
            results += [self.get_submodule(name)(y) for name, _, _ in way.tips]
        return torch.cat([*results, self.branch_pool(self.pool(x))], dim=1)
