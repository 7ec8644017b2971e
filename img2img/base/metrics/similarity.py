"""SSIM: structural similarity of two 8-bit pictures (Wang et al. 2004)."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from img2img.base.metrics.differences import LEVELS, Picture, check_pair

WINDOW, SIGMA = 11, 1.5  # pixels (section III-B)
C1, C2 = (0.01 * LEVELS) ** 2, (0.03 * LEVELS) ** 2  # K1 and K2 (section III-B)

Planes = NDArray[np.float64]  # (C, H, W)


def ssim(fake: Picture, real: Picture) -> float:
    """The mean over channels and over the places where the whole window lies inside the picture.

    Gaussian 11 x 11 window, sigma 1.5, population covariance, levels 0 to 255, in float64.

    Raises:
        ValueError: the shapes differ, or a side is shorter than the window.
    """
    check_pair(fake, real)
    height, width = fake.shape[:2]
    if min(height, width) < WINDOW:
        raise ValueError(
            f"ssim needs pictures of at least {WINDOW} x {WINDOW} pixels, not {width} x {height}; "
            "leave it out or compare larger ones"
        )
    x, y = (np.ascontiguousarray(p.transpose(2, 0, 1), np.float64) for p in (fake, real))
    mean_x, mean_y = _blur(x), _blur(y)
    variances = _blur(x * x) - mean_x**2 + _blur(y * y) - mean_y**2
    covariance = _blur(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    structure = (2 * covariance + C2) / (variances + C2)
    return float((luminance * structure).mean())  # (13)


def _blur(planes: Planes) -> Planes:
    """The Gaussian window's weighted mean around each inner pixel."""
    taps = np.exp(-0.5 * ((np.arange(WINDOW) - WINDOW // 2) / SIGMA) ** 2)
    taps /= taps.sum()
    rows: Planes = sliding_window_view(planes, WINDOW, axis=-1) @ taps
    columns: Planes = sliding_window_view(rows, WINDOW, axis=-2) @ taps
    return columns
