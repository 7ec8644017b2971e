"""Boxes: places in a picture that lie alike in one that is a whole number of times smaller."""

from typing import NamedTuple

import numpy as np

from img2img.images import Picture


class Box(NamedTuple):
    """A rectangle of a picture, in pixels."""

    top: int
    left: int
    height: int
    width: int

    @classmethod
    def drawn(cls, picture: Picture, side: int, step: int, rng: np.random.Generator) -> "Box":
        """Any square whose corner lies at multiples of `step`.

        Raises:
            ValueError: the picture is smaller.
        """
        high, wide = (room // step + 1 for room in _rooms(picture, side))
        return cls(int(rng.integers(high)) * step, int(rng.integers(wide)) * step, side, side)

    @classmethod
    def middle(cls, picture: Picture, side: int, step: int) -> "Box":
        """The square in the middle, its corner at multiples of `step`.

        Raises:
            ValueError: the picture is smaller.
        """
        top, left = (room // 2 // step * step for room in _rooms(picture, side))
        return cls(top, left, side, side)

    def of(self, picture: Picture) -> Picture:
        """What a picture shows there."""
        return picture[self.top : self.top + self.height, self.left : self.left + self.width]

    def over(self, scale: int) -> "Box":
        """The same place of a picture that is so many times smaller."""
        return Box(*(pixels // scale for pixels in self))

    def widened(self, margin: int, picture: Picture) -> "Box":
        """The place with a margin around it, as far as the picture goes."""
        top, left = max(self.top - margin, 0), max(self.left - margin, 0)
        bottom = min(self.top + self.height + margin, picture.shape[0])
        right = min(self.left + self.width + margin, picture.shape[1])
        return Box(top, left, bottom - top, right - left)

    def inside(self, other: "Box") -> "Box":
        """The same place as seen from another's corner."""
        return self._replace(top=self.top - other.top, left=self.left - other.left)


def _rooms(picture: Picture, side: int) -> list[int]:
    """How far a square can be moved down and to the right."""
    height, width = picture.shape[:2]
    if min(height, width) < side:
        raise ValueError(
            f"the picture is {width} x {height}, and {side} x {side} are to be cut from it; "
            "choose a smaller size, or remove it"
        )
    return [height - side, width - side]
