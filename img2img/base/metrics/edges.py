"""Edges: whether two pictures have their edges at the same places."""

from math import nan

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from img2img.base.metrics.differences import check_pair
from img2img.base.metrics.span import Mask, Unit

SIGMA, RADIUS = 1.0, 3  # pixels, of the Gaussian
STEEP = 0.04  # of the range a pixel: a step of a tenth of it, blurred by the Gaussian
SEES = RADIUS + 2  # pixels to every side: the Gaussian's, Sobel's and a neighbour's

Plane = NDArray[np.float64]  # (H, W)


def edges(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """The F-measure of edges within one pixel: 1 where all agree, 0 where none does.

    2 P R / (P + R) of the share P of the fake's edge pixels with one of the real picture's among
    the 3 x 3 around them, and the share R the other way. An edge is where the mean of channels,
    after a Gaussian of sigma 1, rises by 0.04 or more of the range a pixel (Sobel / 8), and not
    more so beside it, along the slope. Pictures go on beyond their border as they end there; with a
    mask only pixels all of whose 11 x 11 counts do. 1 where neither has an edge; nan where no pixel
    counts.

    Raises:
        ValueError: the shapes differ.
    """
    check_pair(fake, real, mask)
    seen = np.ones(fake.shape[:2], bool) if mask is None else _whole(mask)
    if not seen.any():
        return nan
    ours, theirs = (_edges(picture, mask) & seen for picture in (fake, real))
    if not ours.any() and not theirs.any():
        return 1.0
    precision, recall = _share(ours, theirs), _share(theirs, ours)
    both = precision + recall
    return 2 * precision * recall / both if both else 0.0


def _edges(picture: Unit, mask: Mask | None) -> Mask:
    """Where the slope is steep and the steepest along its own direction; (H, W)."""
    plane = (picture if mask is None else np.where(mask[..., None], picture, 0)).mean(axis=2)
    right, down = _slopes(np.pad(plane, SEES, "edge"))
    steep = np.hypot(right, down)
    before, after = _beside(steep, right, down)
    inner = steep[1:-1, 1:-1]
    return (inner >= STEEP) & (inner > before) & (inner >= after)


def _slopes(plane: Plane) -> tuple[Plane, Plane]:
    """Sobel's slopes a pixel after the Gaussian, to the right and down."""
    taps = np.exp(-0.5 * (np.arange(-RADIUS, RADIUS + 1) / SIGMA) ** 2)
    smooth = np.convolve(taps / taps.sum(), [0.25, 0.5, 0.25])
    slope = np.convolve(taps / taps.sum(), [0.5, 0, -0.5])[::-1]
    return _filtered(plane, down=smooth, right=slope), _filtered(plane, down=slope, right=smooth)


def _filtered(plane: Plane, *, down: Plane, right: Plane) -> Plane:
    """Both taps over every whole window."""
    rows: Plane = sliding_window_view(plane, len(right), axis=1) @ right
    columns: Plane = sliding_window_view(rows, len(down), axis=0) @ down
    return columns


def _beside(steep: Plane, right: Plane, down: Plane) -> tuple[Plane, Plane]:
    """The steepness of each inner pixel's two neighbours along the slope, of eight directions."""
    height, width = (side - 2 for side in steep.shape)
    turn = np.rint(np.arctan2(down, right)[1:-1, 1:-1] / (np.pi / 4)).astype(int) % 4
    rows, columns = np.indices((height, width)) + 1
    step_down, step_right = np.array([0, 1, 1, 1])[turn], np.array([1, 1, 0, -1])[turn]
    before = steep[rows - step_down, columns - step_right]
    return before, steep[rows + step_down, columns + step_right]


def _share(found: Mask, wanted: Mask) -> float:
    """The share of `found` with one `wanted` among the 3 x 3 around; 0 of none."""
    around: Mask = np.any(sliding_window_view(np.pad(wanted, 1), (3, 3)), axis=(2, 3))
    return float(around[found].mean()) if found.any() else 0.0


def _whole(mask: Mask) -> Mask:
    """The pixels that see no hidden one."""
    side = 2 * SEES + 1
    rows: Mask = np.all(sliding_window_view(np.pad(mask, SEES, "edge"), side, axis=1), axis=2)
    whole: Mask = np.all(sliding_window_view(rows, side, axis=0), axis=2)
    return whole
