"""Stills: some pictures of a set themselves, for figures that look at pairs of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from img2img.images import Picture

LIMIT = 256  # pictures


@dataclass(frozen=True, eq=False)
class Stills:
    """The pictures below number 256 of a set, by number; those of disjoint sets add."""

    pictures: Mapping[int, Picture] = field(default_factory=dict)

    @classmethod
    def of(cls, pictures: Sequence[Picture], first: int = 0) -> "Stills":
        """The state of pictures `first`, `first` + 1, ... of their set."""
        kept = pictures[: max(LIMIT - first, 0)]
        return cls({first + i: picture for i, picture in enumerate(kept)})

    def __add__(self, other: "Stills") -> "Stills":
        return Stills({**self.pictures, **other.pictures})
