"""Samples: what batches are made of; tensors (C, H, W), batched (N, C, H, W), in [-1, 1]."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from img2img.images import Picture

if TYPE_CHECKING:
    from torch import Tensor

SPLITS = ("train", "val", "test")


class Pictures(Protocol):
    """Numbered pictures with names: files in a folder, or a set drawn on the fly."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Picture:
        """Picture `index`: (H, W, C) uint8, uint16 or float32."""

    def stem(self, index: int, /) -> str:
        """Its name: the path below the folder, without suffix."""

    @property
    def masked(self) -> bool:
        """Whether any picture has a mask."""

    def mask(self, index: int, /) -> Picture | None:
        """Where picture `index` counts: (H, W, 1) uint8, 255 there and else 0; None: everywhere."""

    @property
    def weights(self) -> Sequence[float]:
        """How often each is drawn in training, to scale; empty where all are drawn alike."""


class Single(NamedTuple):
    """A picture on its own, for games without a condition."""

    x: Tensor
    stem: str
    index: int  # type: ignore[assignment]  # hides tuple.index


class Pair(NamedTuple):
    """One scene in both domains."""

    x: Tensor
    y: Tensor
    stem: str
    index: int  # type: ignore[assignment]  # hides tuple.index
    mask: Tensor | None = None
    """(1, H, W) in [0, 1]: how much each pixel counts; None where nothing of the set is hidden."""


class Domains(NamedTuple):
    """A picture of each domain, unrelated to each other; `stem` and `index` are those of x."""

    x: Tensor
    y: Tensor
    stem: str
    index: int  # type: ignore[assignment]  # hides tuple.index
    mask_x: Tensor | None = None
    """(1, H, W) in [0, 1]: how much each pixel of x counts; None where nothing is hidden."""
    mask_y: Tensor | None = None


class Resolutions(NamedTuple):
    """A picture at a low resolution, (C, h, w), and at a high one, (C, s * h, s * w)."""

    low: Tensor
    high: Tensor
    stem: str
    index: int  # type: ignore[assignment]  # hides tuple.index
    mask: Tensor | None = None
    """(1, s * h, s * w) in [0, 1]: how much each pixel of `high` counts; None: all alike."""
