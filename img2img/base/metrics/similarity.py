"""SSIM: structural similarity of two pictures (Wang et al. 2004), their range scaled to [0, 1]."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from img2img.base.metrics.differences import check_pair, mean
from img2img.base.metrics.span import Mask, Unit

WINDOW, SIGMA = 11, 1.5  # pixels (section III-B)
C1, C2 = 0.01**2, 0.03**2  # (K L)^2 with K1, K2 of section III-B and the range L = 1

Planes = NDArray[np.float64]  # (C, H, W)


def ssim(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """The mean over channels and places whose whole window lies in the picture and in the mask.

    Gaussian 11 x 11 window, sigma 1.5, population covariance, in float64; nan without such a place.

    Raises:
        ValueError: the shapes differ, or a side is shorter than the window.
    """
    check_pair(fake, real, mask)
    height, width = fake.shape[:2]
    if min(height, width) < WINDOW:
        raise ValueError(
            f"ssim needs pictures of at least {WINDOW} x {WINDOW} pixels, not {width} x {height}; "
            "leave it out or compare larger ones"
        )
    places = None if mask is None else whole(mask)
    luminance, structure = terms(planes(fake, mask), planes(real, mask))
    return mean(at(luminance * structure, places))  # (13)


def terms(x: Planes, y: Planes) -> tuple[Planes, Planes]:
    """Luminance l (6), and contrast times structure, c s (9 and 10 with C3 = C2 / 2), of (C, H, W).

    Both are (C, H - 10, W - 10), of the places whose window lies in the planes.
    """
    mean_x, mean_y = _blur(x), _blur(y)
    variances = _blur(x * x + y * y) - mean_x**2 - mean_y**2
    covariance = _blur(x * y) - mean_x * mean_y
    luminance = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    return luminance, (2 * covariance + C2) / (variances + C2)


def at(values: Planes, places: Mask | None) -> Planes:
    """(C, H, W) as it is, or its N places alone, (C, N)."""
    return values if places is None else values[:, places]


def planes(picture: Unit, mask: Mask | None) -> Planes:
    """(H, W, C) to (C, H, W); hidden pixels, which may be nan, become 0."""
    channels = np.ascontiguousarray(picture.transpose(2, 0, 1))
    return channels if mask is None else np.where(mask, channels, 0)


def whole(mask: Mask) -> Mask:
    """The places of `terms` that see no hidden pixel."""
    rows: Mask = np.all(sliding_window_view(mask, WINDOW, axis=-1), axis=-1)
    seen: Mask = np.all(sliding_window_view(rows, WINDOW, axis=-2), axis=-1)
    return seen


def _blur(channels: Planes) -> Planes:
    """The Gaussian window's weighted mean around each inner pixel."""
    taps = np.exp(-0.5 * ((np.arange(WINDOW) - WINDOW // 2) / SIGMA) ** 2)
    taps /= taps.sum()
    rows: Planes = sliding_window_view(channels, WINDOW, axis=-1) @ taps
    columns: Planes = sliding_window_view(rows, WINDOW, axis=-2) @ taps
    return columns
