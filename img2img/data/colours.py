"""Colours: how often each value of a pixel occurs, the commonest of them, in bounded memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from img2img.images import Picture

LIMIT = 4096  # colours kept
WIDTH = 8  # bytes of a pixel that are looked at
CELLS = 32  # of 8 levels, along each axis of RGB
SPECK = 0.001  # the share of pixels below which a cell is no colour of a map


@dataclass(frozen=True)
class Colours:
    """Distinct colours and their counts, the commonest first; those of disjoint sets add.

    Beyond LIMIT colours, as many of the rare ones are let go, and the others' counts lowered, so
    that none is short by more than the count of all pixels / LIMIT (Agarwal et al. 2012,
    "Mergeable summaries": Misra-Gries).
    """

    values: Picture
    """(n, C); of pixels wider than 8 bytes, the first channels that fit."""
    counts: NDArray[np.int64]  # (n,)
    pixels: int
    """All pixels that were counted, of whatever colour."""
    short: int = 0
    """How much a count, or that of a colour not listed, may be too low; 0: all are exact."""

    @classmethod
    def of(cls, pixels: Picture) -> Colours:
        """The colours of pixels (N, C), which are finite."""
        pixels = pixels[:, : WIDTH // pixels.itemsize]
        keys, counts = np.unique(_packed(pixels), return_counts=True)
        values = _unpacked(keys, pixels)
        return cls(values, counts.astype(np.int64), len(pixels))._bounded()

    def __add__(self, other: Colours) -> Colours:
        values = np.concatenate((self.values, other.values))
        keys, place = np.unique(_packed(values), return_inverse=True)
        counts = np.zeros(len(keys), np.int64)
        np.add.at(counts, place, np.concatenate((self.counts, other.counts)))
        pixels, short = self.pixels + other.pixels, self.short + other.short
        return Colours(_unpacked(keys, values), counts, pixels, short)._bounded()

    def _bounded(self) -> Colours:
        order = np.argsort(-self.counts, kind="stable")
        lost = int(self.counts[order[LIMIT]]) if len(order) > LIMIT else 0
        order = order[self.counts[order] > lost]
        counts = self.counts[order] - lost
        return Colours(self.values[order], counts, self.pixels, self.short + lost)


def border(picture: Picture) -> Colours:
    """The commonest colour along the edge, where it runs straight in from it, of (H, W, C)."""
    edge = np.concatenate((picture[0], picture[-1], picture[:, 0], picture[:, -1]))
    seen = Colours.of(edge[np.isfinite(edge).all(axis=1)])
    if not len(seen.values):
        return seen
    colour = seen.values[0]
    equal = (picture[..., : len(colour)] == colour).all(axis=2)
    run = np.zeros_like(equal)
    for turned, into in ((equal, run), (equal.T, run.T)):
        into |= np.logical_and.accumulate(turned, axis=0)
        into |= np.logical_and.accumulate(turned[::-1], axis=0)[::-1]
    return Colours(seen.values[:1], np.array([run.sum()], np.int64), run.size)


def cells(picture: Picture) -> NDArray[np.int64]:
    """How many pixels of uint8 RGB (..., 3) lie in each cell: (CELLS, CELLS, CELLS), which add."""
    red, green, blue = (picture.reshape(-1, 3) >> 3).astype(np.int64).T
    place = (red * CELLS + green) * CELLS + blue
    return np.bincount(place, minlength=CELLS**3).reshape((CELLS,) * 3)


def clusters(counts: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """The colours that stand apart and their shares of the pixels, of what `cells` counted.

    A colour takes its cell and those that touch it; the next is at least three cells away.

    Returns:
        (K, 3) RGB and (K,), the commonest cell first; K is 32 at most.
    """
    left = np.pad(counts, 2)
    total = max(1, int(counts.sum()))
    colours: list[tuple[int, int, int]] = []
    shares: list[float] = []
    while len(colours) < 32 and left.max() > SPECK * total:
        r, g, b = (int(at) for at in np.unravel_index(left.argmax(), left.shape))
        shares.append(left[r - 1 : r + 2, g - 1 : g + 2, b - 1 : b + 2].sum() / total)
        left[r - 2 : r + 3, g - 2 : g + 3, b - 2 : b + 3] = 0
        colours.append((8 * (r - 2) + 4, 8 * (g - 2) + 4, 8 * (b - 2) + 4))
    return np.array(colours, np.uint8).reshape(-1, 3), np.array(shares)


def _packed(pixels: Picture) -> NDArray[Any]:
    """A number for each pixel (N, C) of at most 8 bytes, the same for equal colours."""
    key = np.uint32 if pixels.shape[1] * pixels.itemsize <= 4 else np.uint64
    padded = np.zeros((len(pixels), np.dtype(key).itemsize // pixels.itemsize), pixels.dtype)
    padded[:, : pixels.shape[1]] = pixels + 0.0 if pixels.dtype.kind == "f" else pixels  # no -0.0
    packed: NDArray[Any] = padded.view(key)[:, 0]
    return packed


def _unpacked(keys: NDArray[Any], like: NDArray[Any]) -> Picture:
    return keys[:, None].view(like.dtype)[:, : like.shape[1]]
