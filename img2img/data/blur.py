"""Blur: the kernels that cameras, resizers and sharpening leave (Real-ESRGAN, Wang et al. 2021).

Kernels are float32 (size, size) of odd size, sum to 1 and are symmetric about their middle. The
numbers are those of options/train_realesrgan_x4plus.yml and realesrgan_dataset.py, unless a section
of the paper is named.
"""

from collections.abc import Callable
from math import pi
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Kernel = NDArray[np.float32]
Range = tuple[float, float]

SIZES = range(7, 22, 2)  # pixels
SINC = 0.1  # how often a blur is a sinc
CUTOFF = pi / 3, pi  # radians a pixel
WIDE, WIDE_CUTOFF = 13, (pi / 5, pi)  # from this size on the first rings of lower ones fit in


def gaussian(squared: NDArray[np.float64], beta: float) -> Kernel:
    """exp(-d^(2 beta) / 2) for distances d in sigmas: beta = 1 is the normal one (section 3.1)."""
    return _normal(np.exp(-0.5 * squared**beta))


def plateau(squared: NDArray[np.float64], beta: float) -> Kernel:
    """1 / (1 + d^(2 beta)) for distances d in sigmas: flat on top for large beta (section 3.1)."""
    return _normal(1 / (1 + squared**beta))


class Bell(NamedTuple):
    """A form of blur, and how it is drawn."""

    chance: float
    form: Callable[[NDArray[np.float64], float], Kernel]
    round: bool
    """Of one sigma, or of two that are turned by any angle."""
    beta: Range = (1, 1)
    """Drawn below 1 as often as above it, however unequal the two parts are."""


BELLS = (
    Bell(0.45, gaussian, round=True),
    Bell(0.25, gaussian, round=False),
    Bell(0.12, gaussian, round=True, beta=(0.5, 4)),
    Bell(0.03, gaussian, round=False, beta=(0.5, 4)),
    Bell(0.12, plateau, round=True, beta=(1, 2)),
    Bell(0.03, plateau, round=False, beta=(1, 2)),
)


def drawn(rng: np.random.Generator, sigma: Range) -> Kernel:
    """Any blur: a bell whose width lies within `sigma` pixels, or a sinc."""
    size = int(rng.choice(SIZES))
    if rng.random() < SINC:
        return sinc(size, rng.uniform(*(CUTOFF if size < WIDE else WIDE_CUTOFF)))
    bell = BELLS[rng.choice(len(BELLS), p=[each.chance for each in BELLS])]
    if bell.round:
        x = y = rng.uniform(*sigma)
        angle = 0.0
    else:
        (x, y), angle = rng.uniform(*sigma, 2), rng.uniform(-pi, pi)
    low, high = bell.beta
    beta = rng.uniform(low, 1) if rng.random() < 0.5 else rng.uniform(1, high)
    return bell.form(distances(size, x, y, angle), beta)


def drawn_sinc(rng: np.random.Generator) -> Kernel:
    """The filter at the end, which is always a sinc."""
    return sinc(int(rng.choice(SIZES)), rng.uniform(*CUTOFF))


def distances(size: int, x: float, y: float, angle: float) -> NDArray[np.float64]:
    """(size, size), the squares of the distances from the middle, in sigmas.

    `x` and `y` are the sigmas in pixels, along axes turned by `angle` in radians.
    """
    axis = np.arange(size) - size // 2
    columns, rows = np.meshgrid(axis, axis)
    along = (columns * np.cos(angle) + rows * np.sin(angle)) / x
    across = (rows * np.cos(angle) - columns * np.sin(angle)) / y
    squares: NDArray[np.float64] = along**2 + across**2
    return squares


def sinc(size: int, cutoff: float) -> Kernel:
    """Of frequencies below w = `cutoff` alone, w J_1(w d) / (2 pi d): edges ring (section 3.3)."""
    distance = np.sqrt(distances(size, 1, 1, 0))
    distance[size // 2, size // 2] = 1  # any: the limit stands there
    kernel = cutoff * bessel(cutoff * distance) / (2 * pi * distance)
    kernel[size // 2, size // 2] = cutoff**2 / (4 * pi)
    return _normal(kernel)


def bessel(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """J_1(x) for 0 <= x < 60: the mean of cos(t - x sin t) over t from 0 to pi."""
    points = pi / 64 * (np.arange(64) + 0.5)  # exact, the function being smooth and periodic
    mean: NDArray[np.float64] = np.cos(points - x[..., None] * np.sin(points)).mean(-1)
    return mean


def _normal(kernel: NDArray[np.float64]) -> Kernel:
    weights: Kernel = (kernel / kernel.sum()).astype(np.float32)
    return weights
