"""A domain: the picture files of one side of a data set, in natural order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Literal

import numpy as np

from img2img import images
from img2img.data.faults import Fault, refuse
from img2img.data.looks import listed
from img2img.images import Picture


@dataclass(frozen=True)
class Domain:
    """Picture files below `root`, each read when asked for, whole or by its left or right half.

    What is given beside the files is given for each of them.
    """

    root: Path
    files: tuple[Path, ...]
    half: Literal["left", "right"] | None = None
    masks: tuple[Path | None, ...] = ()
    weights: tuple[float, ...] = ()
    """How often each is drawn in training, to scale."""
    names: tuple[str, ...] = ()
    """The stems, where they are not the files' own."""

    def __post_init__(self) -> None:
        for given in (self.masks, self.weights, self.names):
            assert len(given) in (0, len(self.files))

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> Picture:
        return self._read(self.files[index])

    def stem(self, index: int) -> str:
        """Its name, or its path below the root without suffix, with forward slashes."""
        if self.names:
            return self.names[index]
        return self.files[index].relative_to(self.root).with_suffix("").as_posix()

    @property
    def masked(self) -> bool:
        """Whether any picture has a mask."""
        return any(self.masks)

    def mask(self, index: int) -> Picture | None:
        """Where picture `index` counts: (H, W, 1) uint8, 255 where the mask's first band is not 0.

        None: it has no mask, and counts everywhere.
        """
        file = self.masks[index] if self.masks else None
        if file is None:
            return None
        band = self._read(file)[..., :1]
        return np.where(np.abs(band) > 0, np.uint8(255), np.uint8(0))  # nor does nan count

    def of(self, indices: Iterable[int]) -> Domain:
        """The files at these indices alone, with what belongs to them."""
        chosen = list(indices)
        return replace(
            self,
            files=tuple(self.files[i] for i in chosen),
            masks=tuple(self.masks[i] for i in chosen if self.masks),
            weights=tuple(self.weights[i] for i in chosen if self.weights),
            names=tuple(self.names[i] for i in chosen if self.names),
        )

    def side(self, half: Literal["left", "right"]) -> Domain:
        """The left or right half of each picture: A or B of a side-by-side file."""
        return replace(self, half=half)

    def shared_out(self) -> tuple[Domain, Domain]:
        """Two domains: every k-th file, a tenth and 100 at most, and before it the rest."""
        k = max(10, ceil(len(self) / 100))
        every = range(len(self))
        return self.of(i for i in every if (i + 1) % k), self.of(every[k - 1 :: k])

    def _read(self, file: Path) -> Picture:
        if self.half is None:
            return images.read(file)
        picture = _last(file)
        middle = picture.shape[1] // 2
        return picture[:, :middle] if self.half == "left" else picture[:, middle:]


def match(A: Domain, B: Domain, fault: Fault = refuse) -> tuple[Domain, Domain]:
    """The two domains in the same order, file by file of the same stem.

    A fault is a stem without a partner, or one that stands for two files.

    Raises:
        ValueError: no file has a partner.
    """
    in_A, in_B = _by_stem(A, fault), _by_stem(B, fault)
    alone = [stem for stem in in_A if stem not in in_B]
    lost = [stem for stem in in_B if stem not in in_A]
    if alone or lost:
        fault(
            f"{A.root} and {B.root} are not pairs: {_some(alone)} in the first alone, "
            f"{_some(lost)} in the second alone; pairs have the same path without suffix"
        )
    if in_A.keys().isdisjoint(in_B):
        raise ValueError(f"{A.root} and {B.root} hold no pair; give partners the same name")
    both = [stem for stem in in_A if stem in in_B]
    return A.of(in_A[stem] for stem in both), B.of(in_B[stem] for stem in both)


@lru_cache(maxsize=2)
def _last(file: Path) -> Picture:
    """A picture and its mask, read last: the halves of a pair are asked for one after the other."""
    return images.read(file)


def _by_stem(domain: Domain, fault: Fault) -> dict[str, int]:
    found: dict[str, int] = {}
    twins = []
    for index, file in enumerate(domain.files):
        first = found.setdefault(domain.stem(index), index)
        if first != index:
            twins.append(f"{domain.files[first]} and {file}")
    if twins:
        fault(
            f"{listed(twins)} have the same name; a pair is matched by its names without suffix, "
            "so rename or remove one"
        )
    return found


def _some(stems: list[str]) -> str:
    return f"{len(stems)} ({listed(stems)})" if stems else "none"
