"""Sliced Wasserstein distance of patches: how far one set of pictures looks from another.

It needs no weights and no pairs (Rabin et al. 2011; Karras et al. 2018, section 5). Unlike Karras's,
patches are not normalised to each set's own mean and deviation: that would make pictures of wrong
colour or contrast as good as right ones. So the unit is that of the pictures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate, max_pool2d

from img2img.base.draws import seeded

SIDE = 7  # pixels of a patch (Karras et al.)
COARSEST = 16  # pixels; the pyramid ends before a side falls below it (Karras et al.)

Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Patches:
    """Some 7 x 7 patches of each octave of each picture; patches of disjoint sets add.

    An octave is a level of a Laplacian pyramid, finest first: detail of a few pixels, of twice as
    many, ..., and last the small picture that is left, which holds the colours. In a Gaussian
    pyramid colour would outweigh detail at every level, and a blur would hardly count.
    """

    pictures: Mapping[int, tuple[Tensor, ...]] = field(default_factory=dict)
    """By the picture's index, for each octave: float32 (patches, C * 7 * 7)."""

    @classmethod
    def of(
        cls,
        pictures: Tensor,
        *,
        seed: int = 0,
        first: int = 0,
        count: int = 64,
        mask: Tensor | None = None,
    ) -> "Patches":
        """`count` patches per octave of pictures `first`, `first` + 1, ... of their set.

        Args:
            pictures: (N, C, H, W) in [-1, 1].
            seed: With the picture's index, it decides where the patches lie.
            first: The index of the first picture.
            count: How many patches of each picture and octave.
            mask: (N, 1, H, W); patches are of visible pixels (1) alone, hidden ones have no effect.

        Raises:
            ValueError: the pictures are no batch or smaller than a patch, or the mask does not fit.
        """
        shape = tuple(pictures.shape)
        if len(shape) != 4 or min(shape[2:]) < SIDE:
            raise ValueError(f"patches are of (N, C, H, W) with H and W >= {SIDE}, not {shape}")
        if mask is not None and mask.shape != (shape[0], 1, *shape[2:]):
            raise ValueError(f"a mask of {tuple(mask.shape)} does not fit pictures of {shape}")
        values = pictures.detach().float().cpu()
        visible = torch.ones(1, 1, *shape[2:])
        if mask is not None:
            visible = (mask.detach().cpu() > 0).float()
            values = values.where(visible > 0, 0)  # whatever is hidden, nodata too
        found = [_cut(o, seed, first, count) for o in enumerate(_octaves(values, visible))]
        return cls({first + i: each for i, each in enumerate(zip(*found, strict=True))})

    def __add__(self, other: "Patches") -> "Patches":
        twice = self.pictures.keys() & other.pictures.keys()
        if twice:
            raise ValueError(f"picture {min(twice)} is in both sets; number them with `first`")
        return Patches({**self.pictures, **other.pictures})

    def octaves(self) -> list[Points]:
        """The patches of all pictures, by octave, in the order of the pictures' indices."""
        ordered = [self.pictures[index] for index in sorted(self.pictures)]
        return [torch.cat(each).double().numpy() for each in zip(*ordered, strict=True)]


def sliced_wasserstein(a: Patches, b: Patches, *, seed: int = 0, directions: int = 128) -> float:
    """The mean over octaves and random unit directions u of W1(<a, u>, <b, u>).

    0 for equal sets; two flat pictures that differ by c everywhere are c sqrt(2 / pi) apart in the
    last octave and 0 in the others.

    Raises:
        ValueError: the pictures differ in channels or number of octaves, or no patch is visible.
    """
    pairs = [(p, q) for p, q in zip(a.octaves(), b.octaves(), strict=True) if len(p) and len(q)]
    if not pairs:
        raise ValueError(f"no patch of {SIDE} x {SIDE} visible pixels in one of the sets")
    return float(np.mean([_octave_distance(p, q, seed, directions) for p, q in pairs]))


def _octaves(values: Tensor, visible: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Each octave (N, C, h, w), and 1 where visible pixels alone matter (N or 1, 1, h, w)."""
    while min(values.shape[2:]) >= 2 * COARSEST:
        size = values.shape[2:]
        small = _resized(values, (size[0] // 2, size[1] // 2))
        seen = (_resized(visible, small.shape[2:]) > 0.999).float()
        yield values - _resized(small, size), visible * (_resized(seen, size) > 0.999)
        values, visible = small, seen
    yield values, visible


def _resized(values: Tensor, size: tuple[int, ...]) -> Tensor:
    # to half the size, antialiased bilinear weighs 1 3 3 1
    return interpolate(values, size=size, mode="bilinear", antialias=True)


def _cut(
    octave: tuple[int, tuple[Tensor, Tensor]], seed: int, first: int, count: int
) -> list[Tensor]:
    """Each picture's patches (count, C * 7 * 7) from visible places, none where there is none."""
    number, (pictures, visible) = octave
    places = [(max_pool2d(1 - v, SIDE, stride=1)[0] == 0).nonzero() for v in visible]
    cut = []
    for i, picture in enumerate(pictures):
        free = places[i % len(places)]
        generator = seeded("patches", seed, first + i, number)
        drawn = torch.rand(count if len(free) else 0, generator=generator, dtype=torch.float64)
        rows, columns = free[(drawn * len(free)).long()].unbind(1)
        cut.append(_patches(picture, rows, columns))
    return cut


def _patches(picture: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """(C, h, w) -> (n, C * 7 * 7), by the patches' upper left corners."""
    step = torch.arange(SIDE)
    cut = picture[:, (rows[:, None] + step)[:, :, None], (columns[:, None] + step)[:, None]]
    return cut.transpose(0, 1).flatten(1)


def _octave_distance(p: Points, q: Points, seed: int, directions: int) -> float:
    """The mean over directions of the distance of the points' projections."""
    drawn = seeded("directions", seed, p.shape[1])
    u = torch.randn(directions, p.shape[1], generator=drawn, dtype=torch.float64)
    units = (u / u.norm(dim=1, keepdim=True)).numpy()
    return _distance(np.sort(units @ p.T), np.sort(units @ q.T))


def _distance(p: Points, q: Points) -> float:
    """W1 = integral of |P^-1(t) - Q^-1(t)| over t in [0, 1], of sorted rows; their mean."""
    n, m = p.shape[1], q.shape[1]
    # P^-1 steps at multiples of 1/n and Q^-1 of 1/m: at whole numbers, in units of 1/(n m)
    steps = np.union1d(np.arange(n + 1) * m, np.arange(m + 1) * n)
    gaps = np.abs(p[:, steps[:-1] // m] - q[:, steps[:-1] // n])
    return float((gaps @ np.diff(steps)).mean() / (n * m))
