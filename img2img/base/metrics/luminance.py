"""Luminance: the brightness that figures of a set's low-level statistics are measured on."""

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.span import Unit

WEIGHTS = np.array([0.299, 0.587, 0.114])  # of R, G and B as they are stored (ITU-R BT.601)


def luminance(picture: Unit) -> NDArray[np.float64]:
    """(H, W, C) to (H, W): the BT.601 sum of three channels, the mean of any other number."""
    bright: NDArray[np.float64]
    bright = picture @ WEIGHTS if picture.shape[2] == 3 else picture.mean(axis=2)
    return bright
