"""Fading: real pictures as a D sees them that has not grown to their size."""

from math import ceil

from torch import Tensor
from torch.nn.functional import avg_pool2d, interpolate

from img2img.base.growth import side


def doubled(x: Tensor) -> Tensor:
    """Twice as high and wide, every pixel four times."""
    return interpolate(x, scale_factor=2.0, mode="nearest")


def halved(x: Tensor) -> Tensor:
    """Half as high and wide, by means of 2x2 pixels."""
    return avg_pool2d(x, 2)


def faded(x: Tensor, level: float) -> Tensor:
    """(N, C, S, S) to (N, C, s, s), s = 4 * 2^ceil(level): means of squares of S / s pixels.

    Between two levels a x + (1 - a) up(down(x)), with the a of the networks (appendix A of Karras
    et al. 2018: the real pictures fade in as well).

    Raises:
        ValueError: the pictures are no squares of a multiple of s pixels.
    """
    height, width = x.shape[-2:]
    target = side(level)
    if height != width or height % target:
        raise ValueError(
            f"pictures of {width}x{height} cannot be shown at {target}x{target};"
            f" take squares of a multiple of {target} pixels"
        )
    if height > target:
        x = avg_pool2d(x, height // target)
    if level < ceil(level):
        x = doubled(halved(x)).lerp(x, level - ceil(level) + 1)
    return x
