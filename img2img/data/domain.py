"""A domain: the picture files of one side of a data set, in natural order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Literal

from img2img import images
from img2img.images import Picture


@dataclass(frozen=True)
class Domain:
    """Picture files below `root`, each read when asked for, whole or by its left or right half."""

    root: Path
    files: tuple[Path, ...]
    half: Literal["left", "right"] | None = None

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> Picture:
        if self.half is None:
            return images.read(self.files[index])
        picture = _last(self.files[index])
        middle = picture.shape[1] // 2
        return picture[:, :middle] if self.half == "left" else picture[:, middle:]

    def stem(self, index: int) -> str:
        """The path of file `index` below the root, without suffix, with forward slashes."""
        return self.files[index].relative_to(self.root).with_suffix("").as_posix()

    def of(self, files: Iterable[Path]) -> Domain:
        """These files alone."""
        return replace(self, files=tuple(files))

    def side(self, half: Literal["left", "right"]) -> Domain:
        """The left or right half of each picture: A or B of a side-by-side file."""
        return replace(self, half=half)

    def shared_out(self) -> tuple[Domain, Domain]:
        """Two domains: every k-th file, a tenth and 100 at most, and before it the rest."""
        k = max(10, ceil(len(self) / 100))
        rest = (file for index, file in enumerate(self.files, 1) if index % k)
        return self.of(rest), self.of(self.files[k - 1 :: k])


def match(A: Domain, B: Domain) -> tuple[Domain, Domain]:
    """The two domains in the same order, file by file of the same stem.

    Raises:
        ValueError: a stem has no partner, or stands for two files.
    """
    in_A, in_B = _by_stem(A), _by_stem(B)
    alone = [stem for stem in in_A if stem not in in_B]
    lost = [stem for stem in in_B if stem not in in_A]
    if alone or lost:
        raise ValueError(
            f"{A.root} and {B.root} are not pairs: {_some(alone)} in the first alone, "
            f"{_some(lost)} in the second alone; pairs have the same path without suffix"
        )
    return A, B.of(in_B[stem] for stem in in_A)


@lru_cache(maxsize=1)
def _last(file: Path) -> Picture:
    """The file that was read last: the halves of a pair are asked for one after the other."""
    return images.read(file)


def _by_stem(domain: Domain) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for index, file in enumerate(domain.files):
        first = found.setdefault(domain.stem(index), file)
        if first != file:
            raise ValueError(
                f"{first} and {file} have the same name; a pair is matched by its names "
                "without suffix, so rename or remove one"
            )
    return found


def _some(stems: list[str], most: int = 5) -> str:
    names = ", ".join(stems[:most]) + (", ..." if len(stems) > most else "")
    return f"{len(stems)} ({names})" if stems else "none"
