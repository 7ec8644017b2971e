"""Bicubic enlargement: the baseline, the skip of residual networks, and the way in for others."""

from math import gcd

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, pad, pixel_shuffle

TAPS = range(-2, 3)  # the pixels about one that its phases lie within reach of


def cubic(distance: float) -> float:
    """Keys' kernel with a = -0.5, MATLAB's and Pillow's (Keys 1981, equation 15)."""
    d = abs(distance)
    if d <= 1:
        return 1.5 * d**3 - 2.5 * d**2 + 1
    return -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0.0


def kernels(scale: int) -> Tensor:
    """(scale^2, 1, 5, 5): for each place within an enlarged pixel, row by row, what it mixes."""
    # half-pixel centres: the fine pixel i lies at (i + 0.5) / scale - 0.5
    places = [(phase + 0.5) / scale - 0.5 for phase in range(scale)]
    rows = torch.tensor(
        [[cubic(tap - place) for tap in TAPS] for place in places], dtype=torch.float64
    )
    return torch.einsum("pi,qj->pqij", rows, rows).reshape(scale**2, 1, len(TAPS), len(TAPS))


def enlarge(values: Tensor, kernel: Tensor, scale: int) -> Tensor:
    """(N, C, H, W) to (N, C, scale * H, scale * W) by one convolution of each channel alone."""
    n, c, h, w = values.shape
    channels = values.reshape(n * c, 1, h, w)
    fine = conv2d(pad(channels, (2, 2, 2, 2), mode="replicate"), kernel)
    return pixel_shuffle(fine, scale).reshape(n, c, scale * h, scale * w)


def bicubic(values: Tensor, scale: int) -> Tensor:
    """(N, C, H, W) to (N, C, scale * H, scale * W); beyond the edge the picture stays as it is.

    Inside it is what MATLAB's imresize and Pillow's resize give; values may overshoot.
    """
    return enlarge(values, kernels(scale).to(values), scale)


def same_channels(in_channels: int, out_channels: int) -> None:
    """What a network that adds to its enlarged input asks for.

    Raises:
        ValueError: it is to give other channels than it takes.
    """
    if in_channels != out_channels:
        raise ValueError(
            "a network upon the enlarged picture gives the channels that it takes, but"
            f" in_channels is {in_channels} and out_channels {out_channels}; make them equal"
        )


class Bicubic(nn.Module):
    """The baseline, a network without weights: (N, C, H, W) to (N, C, scale * H, scale * W)."""

    input_range = output_range = (-1.0, 1.0)
    multiple_of = 1

    kernel: Tensor

    def __init__(self, *, in_channels: int = 3, out_channels: int = 3, scale: int = 4) -> None:
        super().__init__()
        same_channels(in_channels, out_channels)
        if scale < 2:
            raise ValueError(f"a picture is enlarged by a whole number from 2 on, not {scale}")
        self.scale = scale
        # a buffer moves with the network; it follows from the scale, so no file keeps it
        kernel = kernels(scale).to(torch.get_default_dtype())
        self.register_buffer("kernel", kernel, persistent=False)

    def forward(self, image: Tensor) -> Tensor:
        """Enlarge."""
        return enlarge(image, self.kernel, self.scale)

    @property
    def receptive_field(self) -> int:
        """Side, in pixels of the input, of what one output pixel can depend on."""
        return 4


class Enlarged(nn.Module):
    """Super-resolution by a network that keeps sizes, on the bicubically enlarged picture.

    image: (N, in_channels, H, W), H and W multiples of `multiple_of`, to
    (N, out_channels, scale * H, scale * W); the ranges are the network's (Dong et al. 2014).
    """

    input_range: tuple[float, float]
    output_range: tuple[float, float]
    multiple_of: int

    def __init__(self, network: nn.Module, scale: int) -> None:
        super().__init__()
        self.network, self.scale = network, scale
        self.enlarge = Bicubic(scale=scale)
        for stated in ("input_range", "output_range"):
            setattr(self, stated, getattr(network, stated))
        multiple = int(getattr(network, "multiple_of", 1))
        self.multiple_of = multiple // gcd(multiple, scale)

    def forward(self, image: Tensor) -> Tensor:
        """Enlarge, then translate."""
        result: Tensor = self.network(self.enlarge(image))
        return result
