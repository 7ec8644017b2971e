"""Patches: pieces of pictures, octave by octave, that show how a set of pictures looks.

Karras et al. (2018, section 5) go on to normalise each set to its own mean and deviation. We do
not: pictures of wrong colour or contrast would look as good as right ones.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import interpolate, max_pool2d

from img2img.base.draws import seeded

SIDE = 7  # pixels of a patch (Karras et al.)
COARSEST = 16  # pixels; the pyramid ends before a side falls below it (Karras et al.)

WHOLE = 1 - 1e-5  # the least sum of visible weights, which float32 rounds

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
            visible = (mask.detach().cpu() >= 1).float()
            values = values.where(visible > 0, 0)  # nan weighs on, however little it weighs
        numbers = range(first, first + len(values))
        found = [
            _cut(band, whole, count, [seeded("patches", seed, n, octave) for n in numbers])
            for octave, (band, whole) in enumerate(_octaves(values, visible))
        ]
        return cls(dict(zip(numbers, zip(*found, strict=True), strict=True)))

    def __add__(self, other: "Patches") -> "Patches":
        twice = self.pictures.keys() & other.pictures.keys()
        if twice:
            raise ValueError(f"picture {min(twice)} is in both sets; number them with `first`")
        return Patches({**self.pictures, **other.pictures})

    @property
    def channels(self) -> set[int]:
        """Of the pictures, which are to have as many."""
        return {p[0].shape[1] // SIDE**2 for p in self.pictures.values()}

    @property
    def count(self) -> int:
        """How many octaves the smallest picture has; 0 without any."""
        return min(map(len, self.pictures.values()), default=0)

    def octaves(self, count: int | None = None) -> list[Points]:
        """The patches of all pictures, by octave, in the order of the pictures' indices.

        Of pictures of several sizes as many octaves as the smallest has, or `count`: the finest of
        detail, and of each picture the small one that is left.
        """
        count = self.count if count is None else count
        ordered = [self.pictures[index] for index in sorted(self.pictures)]
        shared = [(*each[: count - 1], each[-1]) for each in ordered]
        return [torch.cat(each).double().numpy() for each in zip(*shared, strict=True)]


def _octaves(values: Tensor, visible: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Each octave (N, C, h, w), and 1 where visible pixels alone matter (N or 1, 1, h, w)."""
    while min(values.shape[2:]) >= 2 * COARSEST:
        size = values.shape[2:]
        small = _resized(values, (size[0] // 2, size[1] // 2))
        seen = (_resized(visible, small.shape[2:]) > WHOLE).float()
        yield values - _resized(small, size), visible * (_resized(seen, size) > WHOLE)
        values, visible = small, seen
    yield values, visible


def _resized(values: Tensor, size: tuple[int, ...]) -> Tensor:
    # to half the size, antialiased bilinear weighs 1 3 3 1
    return interpolate(values, size=size, mode="bilinear", antialias=True)


def _cut(
    pictures: Tensor, visible: Tensor, count: int, generators: Sequence[torch.Generator]
) -> list[Tensor]:
    """Each picture's patches (count, C * 7 * 7) from visible places, none where there is none."""
    corners = [(_hidden(1 - v) == 0).flatten().nonzero()[:, 0] for v in visible]
    across = pictures.shape[3] - SIDE + 1
    cut = []
    for i, (picture, generator) in enumerate(zip(pictures, generators, strict=True)):
        free = corners[i % len(corners)]
        drawn = torch.rand(count if len(free) else 0, generator=generator, dtype=torch.float64)
        chosen = free[(drawn * len(free)).long()]
        cut.append(_patches(picture, chosen // across, chosen % across))
    return cut


def _hidden(hidden: Tensor) -> Tensor:
    """Above 0 at the corner of each patch that holds a hidden pixel; (1, h, w) -> (1, h', w')."""
    return max_pool2d(max_pool2d(hidden, (SIDE, 1), stride=1), (1, SIDE), stride=1)


def _patches(picture: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """(C, h, w) -> (n, C * 7 * 7), by the patches' upper left corners."""
    step = torch.arange(SIDE)
    cut = picture[:, (rows[:, None] + step)[:, :, None], (columns[:, None] + step)[:, None]]
    return cut.transpose(0, 1).flatten(1)
