"""Spectrum: how much of a set's luminance lies in waves of each length (radial mean power)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.luminance import luminance
from img2img.base.metrics.span import Unit

Floats = NDArray[np.float64]

BINS_PER_CYCLE = 128  # bins of frequency are 1/128 cycle per pixel wide, whatever the size
BINS = 91  # up to sqrt(1/2), where rows and columns both alternate from pixel to pixel
LEAST = 16  # pixels a side: below, the window smears all of the spectrum
LOWEST = 1 / 32  # cycles per pixel: below, the window mixes a picture of 64 pixels with its mean
NYQUIST = 1 / 2
FLOOR = 1e-12  # far below what rounding to 16 bit leaves, and a flat picture's finite decibel


class Curve(NamedTuple):
    """A spectrum to plot; each (K,), of the bins from `LOWEST` on that hold a wave."""

    frequencies: Floats
    """The bins' middles, in cycles per pixel."""
    decibels: Floats
    """10 log10 of the power density."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """The power of some pictures by frequency; spectra of disjoint sets add.

    Each picture counts once, whatever its size, and less its mean.
    """

    count: int = 0
    """Of pictures; those below 16 x 16 pixels or with a pixel that is nan are left out."""
    powers: Floats = field(default_factory=lambda: np.zeros(BINS))
    """(91,), the sum over pictures; one's sum over bins is its windowed variance (Parseval)."""
    shares: Floats = field(default_factory=lambda: np.zeros(BINS))
    """(91,), the sum over pictures of the share of their waves that each bin holds."""

    @classmethod
    def of(cls, pictures: Iterable[Unit]) -> "Spectrum":
        """The state of pictures (H, W, C) in [0, 1], of any sizes: of their BT.601 luminance."""
        planes = [luminance(each) for each in pictures if min(each.shape[:2]) >= LEAST]
        parts = [_radial(plane) for plane in planes if not np.isnan(plane).any()]
        powers, shares = np.sum(parts, axis=0) if parts else np.zeros((2, BINS))
        return cls(len(parts), powers, shares)

    def __add__(self, other: "Spectrum") -> "Spectrum":
        return Spectrum(
            self.count + other.count, self.powers + other.powers, self.shares + other.shares
        )

    @property
    def density(self) -> Floats:
        """(91,), the mean power in a bin; white noise of variance v has v in all of them.

        nan where no picture has a wave of that frequency.
        """
        held = self.shares > 0
        return np.where(held, self.powers / np.where(held, self.shares, 1), np.nan)

    @property
    def curve(self) -> Curve:
        """The spectrum in decibel, never below -120."""
        frequencies = (np.arange(BINS) + 0.5) / BINS_PER_CYCLE
        shown = (self.shares > 0) & (frequencies > LOWEST)
        return Curve(frequencies[shown], 10 * np.log10(np.maximum(self.density[shown], FLOOR)))


def spectrum_slope(spectrum: Spectrum) -> float:
    """The s of power ~ frequency^s by least squares over the bins from 1/32 to 1/2 cycle per pixel.

    About -2 of natural pictures and 0 of white noise (Field 1987); nan of no picture.
    """
    frequencies, decibels = spectrum.curve
    kept = frequencies < NYQUIST
    if not kept.any():
        return nan
    x = np.log10(frequencies[kept])
    x -= x.mean()
    return float(x @ (decibels[kept] / 10) / (x @ x))


def spectrum_distance(a: Spectrum, b: Spectrum) -> float:
    """Decibel: the root mean square difference of two curves, over the bins that both have.

    nan if either is of no picture.
    """
    x, y = a.curve, b.curve
    _, at, there = np.intersect1d(x.frequencies, y.frequencies, return_indices=True)
    if not at.size:
        return nan
    return float(np.sqrt(np.mean((x.decibels[at] - y.decibels[there]) ** 2)))


def _radial(plane: Floats) -> Floats:
    """(2, 91): the power of one picture's luminance in each bin, and the share of its waves."""
    height, width = plane.shape
    window = _hann(height)[:, None] * _hann(width)
    level = (window * plane).sum() / window.sum()  # that leaves nothing at frequency 0
    waves = np.abs(np.fft.fft2(window * (plane - level))) ** 2
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    bins = np.floor(radius * BINS_PER_CYCLE).astype(int).ravel()
    power = waves.ravel() / (plane.size * (window**2).sum())
    shares = np.bincount(bins, minlength=BINS) / plane.size
    return np.stack([np.bincount(bins, power, minlength=BINS), shares])


def _hann(length: int) -> Floats:
    """Symmetric about the picture's middle, and nowhere quite 0."""
    window: Floats = np.sin(np.pi * (np.arange(length) + 0.5) / length) ** 2
    return window
