"""MS-SSIM: structural similarity at five scales (Wang, Simoncelli and Bovik 2003)."""

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.differences import check_pair
from img2img.base.metrics.similarity import WINDOW, Planes, at, planes, terms, whole
from img2img.base.metrics.span import Mask, Unit

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)  # from the finest scale on (section 3.2)
ABOVE = (WINDOW - 1) << (len(WEIGHTS) - 1)  # pixels: the coarsest scale must hold a window


def ms_ssim(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """l_5^w5 product over scales j of (c_j s_j)^wj   (equation 7); the mean over channels.

    Each factor is the mean over the places of its scale whose window, that of `ssim`, lies in the
    picture and in the mask; at the coarsest it is the mean of l c s, as in the authors' code. A
    negative mean, which has no such power, counts as 0. Coarser scales are means of 2 x 2 pixels,
    an odd last row or column standing twice; they count where all four do. In float64; nan where
    a scale has no such place.

    Raises:
        ValueError: the shapes differ, or a side is too short for five scales.
    """
    check_pair(fake, real, mask)
    height, width = fake.shape[:2]
    if min(height, width) <= ABOVE:
        raise ValueError(
            f"ms-ssim needs pictures of more than {ABOVE} x {ABOVE} pixels, not {width} x {height};"
            " leave it out or compare larger ones"
        )
    x, y = planes(fake, mask), planes(real, mask)
    product = np.ones(len(x))
    for scale, weight in enumerate(WEIGHTS, 1):
        means = _means(x, y, mask, coarsest=scale == len(WEIGHTS))
        product *= np.maximum(means, 0) ** weight
        x, y = _halved(x), _halved(y)
        mask = None if mask is None else _halved(mask[None].astype(np.float64))[0] == 1
    return float(product.mean())


def _means(x: Planes, y: Planes, mask: Mask | None, *, coarsest: bool) -> NDArray[np.float64]:
    """The factor of one scale, of each channel (C,); nan where no place counts."""
    places = None if mask is None else whole(mask)
    if places is not None and not places.any():
        return np.full(len(x), np.nan)
    luminance, structure = terms(x, y)
    values = luminance * structure if coarsest else structure
    means: NDArray[np.float64] = at(values, places).reshape(len(x), -1).mean(axis=1)
    return means


def _halved(channels: Planes) -> Planes:
    """(C, H, W) to (C, ceil(H / 2), ceil(W / 2))."""
    even = np.pad(channels, ((0, 0), *((0, side % 2) for side in channels.shape[1:])), "edge")
    rows = even[:, ::2] + even[:, 1::2]
    halved: Planes = (rows[..., ::2] + rows[..., 1::2]) / 4
    return halved
