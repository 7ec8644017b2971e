"""Rounds: how often and how much each stage of a degradation wears (Real-ESRGAN, Wang et al. 2021).

The numbers are those of options/train_realesrgan_x4plus.yml and, the same, x2plus.yml.
"""

from typing import NamedTuple

from img2img.data.blur import Range


class Round(NamedTuple):
    """How often, and within which range, each stage is drawn."""

    blur: float
    """How often there is any."""
    sigma: Range
    """Of the blur, in pixels."""
    resize: tuple[float, float, float]
    """How often up, down and not at all."""
    factor: Range
    """The smallest down and the largest up."""
    gaussian: float
    """How often the noise is Gaussian; otherwise it is Poisson's."""
    gray: float
    """How often all channels have one noise."""
    deviation: Range
    """Of Gaussian noise, in levels of 255."""
    strength: Range
    """What Poisson noise is multiplied by."""
    quality: tuple[int, int]
    """Of JPEG."""


FIRST = Round(
    blur=1.0,
    sigma=(0.2, 3),
    resize=(0.2, 0.7, 0.1),
    factor=(0.15, 1.5),
    gaussian=0.5,
    gray=0.4,
    deviation=(1, 30),
    strength=(0.05, 3),
    quality=(30, 95),
)
SECOND = FIRST._replace(
    blur=0.8,
    sigma=(0.2, 1.5),
    resize=(0.3, 0.4, 0.3),
    factor=(0.3, 1.2),
    deviation=(1, 25),
    strength=(0.05, 2.5),
)
