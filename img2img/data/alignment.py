"""Alignment: by how many pixels one picture of a pair is shifted against the other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.images import Picture

REACH = 16  # pixels; larger shifts are not looked for, nor more than a quarter of the side
MIDDLE = 512  # pixels; of larger pictures only the middle is compared
WHITENING = 0.75  # 0: plain correlation, 1: phase alone; between, noise counts less
BLUR = 0.7  # pixels, the standard deviation: a peak between two pixels stays one peak


class Shift(NamedTuple):
    """How far the second picture of a pair lies from where the first has it."""

    dx: int
    """Pixels to the right."""
    dy: int
    """Pixels down."""
    confidence: float
    """How far the best shift stands out from the next best, in standard deviations; 0: no edges."""

    def off(self, other: tuple[int, int]) -> int:
        """Pixels between this shift and another, along the axis where they differ more."""
        return max(abs(self.dx - other[0]), abs(self.dy - other[1]))


def shift(x: Picture, y: Picture) -> Shift:
    """By how much `y` is shifted against `x`, of whatever kind the two are.

    Partly whitened phase correlation (Kuglin and Hines 1975) of the magnitudes of their edges,
    which maps and photographs share, under a Hann window.

    Args:
        x: (H, W, C) of any dtype.
        y: the same height and width, of any dtype and channels.

    Raises:
        ValueError: the sizes differ.
    """
    if x.shape[:2] != y.shape[:2]:
        sizes = " and ".join(f"{p.shape[1]} x {p.shape[0]}" for p in (x, y))
        raise ValueError(f"pictures of {sizes} pixels cannot be aligned; resize one to the other")
    a, b = (_edges(_middle(picture)) for picture in (x, y))
    if min(a.shape) < 8 or not (a.any() and b.any()):
        return Shift(0, 0, 0.0)
    scores = _correlation(a, b)
    best = np.unravel_index(scores.argmax(), scores.shape)
    rows, columns = np.indices(scores.shape)
    elsewhere = (abs(rows - best[0]) > 2) | (abs(columns - best[1]) > 2)
    confidence = (scores[best] - scores[elsewhere].max()) / scores.std()
    dy, dx = (int(at) - length // 2 for at, length in zip(best, scores.shape, strict=True))
    return Shift(dx, dy, float(max(0.0, confidence)))


def _middle(picture: Picture) -> Picture:
    top, left = (max(0, side - MIDDLE) // 2 for side in picture.shape[:2])
    return picture[top : top + MIDDLE, left : left + MIDDLE]


def _edges(picture: Picture) -> NDArray[np.float64]:
    """Square root of the gradient's length over all channels, windowed, of mean 0."""
    pixels = np.nan_to_num(picture.astype(np.float64), nan=0, posinf=0, neginf=0)
    down, right = np.gradient(pixels, axis=(0, 1))
    edges = ((down**2 + right**2).sum(axis=2)) ** 0.25
    height, width = edges.shape
    window = np.outer(np.hanning(height + 2)[1:-1], np.hanning(width + 2)[1:-1])
    mean = (edges * window).sum() / window.sum()
    windowed: NDArray[np.float64] = (edges - mean) * window
    return windowed


def _correlation(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """How well `b`, shifted back, fits `a`: rows are dy, columns dx, no shift in the middle."""
    cross = np.conj(np.fft.rfft2(a)) * np.fft.rfft2(b)
    down, right = np.fft.fftfreq(a.shape[0])[:, None], np.fft.rfftfreq(a.shape[1])
    blur = np.exp(-2 * (np.pi * BLUR) ** 2 * (down**2 + right**2))
    whitened = cross * blur / (np.abs(cross) + 1e-9 * np.abs(cross).max()) ** WHITENING
    scores = np.fft.fftshift(np.fft.irfft2(whitened, s=a.shape))
    y, x = (side // 2 for side in a.shape)
    reach_y, reach_x = (min(REACH, side // 4) for side in a.shape)
    near: NDArray[np.float64] = scores[y - reach_y : y + reach_y + 1, x - reach_x : x + reach_x + 1]
    return near
