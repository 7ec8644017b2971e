"""Checkerboard: the grid that transposed convolutions leave in pictures (Odena et al. 2016)."""

from math import nan, sqrt

import torch
from torch import Tensor

PERIOD = 4  # pixels: two upsamplings by 2; its halves are a single one's grid
RING = [
    (row, column)
    for row in range(-3, 4)
    for column in range(-3, 4)
    if max(abs(row), abs(column)) >= 2  # a Hann window widens a peak by 1
]


def checkerboard(fakes: Tensor, reals: Tensor) -> float:
    """The root mean square of the fakes' grid of 2 or 4 pixels, beyond that of the reals.

    Both are (N, C, H, W) in [-1, 1]; nan below 32 x 32 pixels. JPEG leaves a grid in real pictures
    too, at 8, 4 and 2 pixels.
    """
    return sqrt(max(grid_power(fakes) - grid_power(reals), 0.0))  # in this order nan stays nan


def grid_power(pictures: Tensor) -> float:
    """The mean square of what repeats every 4 pixels, except what is constant.

    That is the power of the 15 frequencies of such a grid, less that of the frequencies around
    them: a grid makes sharp peaks, texture of its size makes none, and the figure may be below 0.
    It is nan for pictures of fewer than 32 x 32 pixels, whose spectrum is too coarse.
    """
    height, width = (side // PERIOD * PERIOD for side in pictures.shape[2:])
    if min(height, width) < 8 * PERIOD:
        return nan
    window = _hann(height)[:, None] * _hann(width)
    cut = pictures[..., :height, :width].detach().cpu().double()
    power = torch.fft.fft2(cut * window).abs().square().mean((0, 1)) / window.sum() ** 2
    around = torch.stack([power.roll(shift, (0, 1)) for shift in RING]).mean(0)
    excess = (power - around)[:: height // PERIOD, :: width // PERIOD]
    return float(excess.sum() - excess[0, 0])


def _hann(length: int) -> Tensor:
    return torch.hann_window(length, dtype=torch.float64)
