"""Town: the built-in data set, maps (A) and the aerial pictures (B) that belong to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np

from img2img import files, images
from img2img.data.folders import Layout, Split
from img2img.data.recent import RECENT
from img2img.data.scene import Scene, scene
from img2img.data.sensors import SENSORS
from img2img.data.townplan import Picture

STREAMS = {"train": 0, "val": 1, "test": 2}  # picture i of a split is scene (seed, stream, i)
UNPAIRED = 3  # what B shows of train where A and B are to share no scene
COUNTS = MappingProxyType({"train": 1000, "val": 32, "test": 100})
SIDES = ("map", "aerial", "labels", *SENSORS)  # what a picture of the town can show


@dataclass(frozen=True)
class Scenes:
    """One side of a split: `count` pictures, each drawn when asked for."""

    seed: int
    stream: int
    count: int
    size: int
    side: str
    """One of SIDES."""

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> Picture:
        """Picture `index`, (size, size, C), the caller's own; maps and aerials are uint8 RGB."""
        if not -self.count <= index < self.count:
            raise IndexError(f"the town has no picture {index}; it has {self.count}")
        index %= self.count
        (picture,) = RECENT.get(self, index, lambda: (self._drawn(index),))
        return picture.copy()

    def _drawn(self, index: int) -> Picture:
        """Drawing takes longer than a step of a small network does."""
        place = (self.seed, self.stream, index)
        shown = _scene(*place, self.size)
        if self.side in SENSORS:
            own = (*place, 1 + [*SENSORS].index(self.side))  # noise apart from the scene's draws
            return SENSORS[self.side](shown.plan, np.random.default_rng(own))
        if self.side == "labels":
            return shown.labels[..., None]
        picture: Picture = getattr(shown, self.side)
        return picture

    def stem(self, index: int) -> str:
        """The picture's number, five digits."""
        return f"{index % self.count:05d}"

    @property
    def masked(self) -> bool:
        """All of the town counts."""
        return False

    def mask(self, index: int) -> None:
        """No mask."""

    @property
    def weights(self) -> tuple[float, ...]:
        """All scenes are drawn alike."""
        return ()


def town(
    seed: int = 0, size: int = 64, *, counts: Mapping[str, int] = COUNTS, paired: bool = True
) -> Layout:
    """The data set that follows from `seed`, of size x size pixels.

    Unless `paired`, A and B of train show different scenes; val and test stay pairs, for scoring.

    Raises:
        ValueError: a split is unknown or empty, the seed is negative, or the size below 32.
    """
    _check(seed, size, counts)
    splits = {}
    for split, count in counts.items():
        stream = STREAMS[split]
        other = stream if paired or split != "train" else UNPAIRED
        A = Scenes(seed, stream, count, size, "map")
        splits[split] = Split(A, Scenes(seed, other, count, size, "aerial"))
    drawn = ", ".join(f"{count} {split}" for split, count in counts.items())
    return Layout(files.builtin("town"), f"the built-in town, seed {seed}: {drawn}", splits)


def write_town(
    out: Path,
    *,
    count: int,
    size: int = 64,
    seed: int = 0,
    split: str = "test",
    sides: tuple[str, str] = ("map", "aerial"),
    format: str | None = None,
) -> None:
    """Writes the first `count` pairs of a split as OUT/A/00000.png, OUT/B/00000.png, ...

    `sides` are what A and B show, of SIDES; PNG where it holds that, else TIFF, unless a `format`
    is given. `out` appears when all is written.

    Raises:
        ValueError: `out` holds something already, a side is unknown, or as for `town`.
    """
    out = Path(out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"{out} is not an empty folder; give one that is empty or new")
    for side in sides:
        if side not in SIDES:
            raise ValueError(f"the town has no {side!r}; choose from {', '.join(SIDES)}")
    _check(seed, size, {split: count})
    files.vacate(out)
    with files.folder(out) as unfinished:
        shown = [Scenes(seed, STREAMS[split], count, size, side) for side in sides]
        for index in range(count):
            for name, scenes in zip("AB", shown, strict=True):
                picture = scenes[index]
                kind = picture.dtype.name, picture.shape[2]
                suffix = format or ("png" if images.holds(".png", *kind) else "tif")
                images.write(unfinished / name / f"{scenes.stem(index)}.{suffix}", picture)


@lru_cache(maxsize=8)  # A and B of a scene are asked for one after the other
def _scene(seed: int, stream: int, index: int, size: int) -> Scene:
    return scene((seed, stream, index), size)


def _check(seed: int, size: int, counts: Mapping[str, int]) -> None:
    if seed < 0:
        raise ValueError(f"the town's seed cannot be {seed}; choose 0 or more")
    if size < 32:
        raise ValueError(f"the town cannot be drawn at {size} pixels; choose a size of 32 or more")
    for split, count in counts.items():
        if split not in STREAMS:
            raise ValueError(f"unknown split {split!r}; choose from {', '.join(STREAMS)}")
        if count < 1:
            raise ValueError(f"the town's {split} cannot have {count} pictures; choose 1 or more")
