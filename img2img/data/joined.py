"""Joined: the pictures of several splits as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from img2img.data.samples import Pictures
from img2img.images import Picture


@dataclass(frozen=True)
class Joined:
    """Those of the first part, then those of the next."""

    parts: tuple[Pictures, ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __getitem__(self, index: int, /) -> Picture:
        part, place = self._place(index)
        return part[place]

    def stem(self, index: int, /) -> str:
        """The name of picture `index`."""
        part, place = self._place(index)
        return part.stem(place)

    @property
    def masked(self) -> bool:
        """Whether any picture has a mask."""
        return any(part.masked for part in self.parts)

    def mask(self, index: int, /) -> Picture | None:
        """Where picture `index` counts."""
        part, place = self._place(index)
        return part.mask(place)

    @property
    def weights(self) -> Sequence[float]:
        """None: nothing is drawn from all splits."""
        return ()

    def _place(self, index: int) -> tuple[Pictures, int]:
        for part in self.parts:
            if 0 <= index < len(part):
                return part, index
            index -= len(part)
        raise IndexError(f"no picture {index} beyond the last of {len(self)}")
