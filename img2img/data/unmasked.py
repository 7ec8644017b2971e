"""Unmasked: pictures whose mask files are left alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from img2img.data.samples import Pictures
from img2img.images import Picture


@dataclass(frozen=True)
class Unmasked:
    """The same pictures without masks."""

    pictures: Pictures

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, index: int) -> Picture:
        return self.pictures[index]

    def stem(self, index: int) -> str:
        """The picture's own."""
        return self.pictures.stem(index)

    @property
    def masked(self) -> bool:
        """Never."""
        return False

    def mask(self, _: int) -> Picture | None:
        """None."""
        return None

    @property
    def weights(self) -> Sequence[float]:
        """The pictures' own."""
        return self.pictures.weights
