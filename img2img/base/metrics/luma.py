"""Luma: the brightness that figures of super-resolution are measured on (ITU-R BT.601)."""

import numpy as np

from img2img.base.metrics.span import Unit
from img2img.images import Picture

BLACK = 16.0  # of 255; white is 16 + 65.481 + 128.553 + 24.966 = 235
WEIGHTS = (65.481, 128.553, 24.966)  # of R, G and B in [0, 1], as MATLAB's rgb2ycbcr has them


def luma(picture: Picture) -> Unit:
    """uint8 RGB (H, W, 3) to Y (H, W, 1), not rounded, whose 0 and 255 become 0 and 1.

    A gray level moves Y by 219/255 of itself, so that PSNR is 1.32 dB above that of RGB.
    """
    colours = picture.astype(np.float64) / 255
    y: Unit = (BLACK + colours @ np.array(WEIGHTS)[:, None]) / 255
    return y
