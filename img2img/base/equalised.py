"""Layers whose signals, and whose weights' pace, stay alike (Karras et al. 2018, section 4)."""

from math import sqrt

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, linear

EPSILON = 1e-8
GAIN = sqrt(2)  # He et al. 2015: what a ReLU takes from the variance


class Conv(nn.Module):
    """A convolution by gain / sqrt(fan_in) * w, with w ~ N(0, 1) (section 4.1).

    The scale stands at run time, not in the first weights: Adam moves every weight by about its
    learning rate, whatever its size, so weights of one size learn at one pace. Biases, 0 at first,
    are not scaled.
    """

    def __init__(
        self, inputs: int, outputs: int, side: int, *, padding: int = 0, gain: float = GAIN
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, side, side))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.padding, self.scale = padding, gain / sqrt(inputs * side * side)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) to (N, outputs, H + 2 padding - side + 1, W + ...)."""
        return conv2d(x, self.weight * self.scale, self.bias, padding=self.padding)


class Linear(nn.Module):
    """A dense layer by gain / sqrt(inputs) * w, with w ~ N(0, 1) (section 4.1)."""

    def __init__(self, inputs: int, outputs: int, *, gain: float = GAIN) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = gain / sqrt(inputs)

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs) to (N, outputs)."""
        return linear(x, self.weight * self.scale, self.bias)


class PixelNorm(nn.Module):
    """x / sqrt(mean_c x^2 + 1e-8): each pixel's features to a length of sqrt(C) (section 4.2)."""

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, ...) to the same."""
        return x * (x.square().mean(1, keepdim=True) + EPSILON).rsqrt()
