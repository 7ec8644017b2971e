"""Labels: pixels that are classes."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, Field, model_validator

from img2img.encodings.values import Values, Visible, checked_values
from img2img.formats.pixels import Picture, as_dtype, to_channels

Classes = NDArray[np.int64]  # (H, W)


class Labels(BaseModel, frozen=True, extra="forbid"):
    """Pixels that are classes, one-hot to the network: 1 in the plane of the class, -1 elsewhere.

    A pixel is a class's colour, or the one that is nearest to it, or without a palette its number.
    """

    kind: Literal["labels"] = "labels"
    names: tuple[str, ...] = Field(min_length=2)
    palette: tuple[tuple[int, int, int], ...] | None = None
    """RGB, 0 to 255, of each class."""
    dtype: Literal["uint8", "uint16"] = "uint8"
    ignore: int | None = Field(None, ge=0)
    """The class that does not count; any number where there is no palette."""

    @model_validator(mode="after")
    def _whole(self) -> "Labels":
        if self.palette is not None and len(self.palette) != len(self.names):
            raise ValueError(f"{len(self.palette)} colours do not fit {len(self.names)} classes")
        most = len(self.names) - 1 if self.palette else np.iinfo(self.dtype).max
        if self.ignore is not None and self.ignore > most:
            raise ValueError(f"no pixel can be of the class {self.ignore}; ignore 0 to {most}")
        return self

    @property
    def planes(self) -> int:
        """Channels of the values: one for each class."""
        return len(self.names)

    @property
    def channels(self) -> int:
        """Of the picture."""
        return 3 if self.palette else 1

    @property
    def nearest(self) -> bool:
        """Whether pixels must not be mixed when they are resized."""
        return True

    def classes(self, picture: Picture) -> Classes:
        """The class of each pixel, (H, W, C) to (H, W); of equally near colours the first.

        Raises:
            ValueError: a number that no class has, or a picture of another kind.
        """
        if picture.dtype.name != self.dtype:
            raise ValueError(f"labels are {self.dtype}, not {picture.dtype}; convert the picture")
        pixels = to_channels(picture, self.channels)
        if self.palette:
            return nearest(pixels, np.array(self.palette))
        found = pixels[..., 0].astype(np.int64)
        strange = (found >= len(self.names)) & (
            found != (-1 if self.ignore is None else self.ignore)
        )
        if strange.any():
            raise ValueError(
                f"label {found[strange][0]} is none of 0 to {len(self.names) - 1}; give the number"
                " of classes, or the one to ignore"
            )
        return found

    def visible(self, picture: Picture) -> Visible | None:
        """Where the class counts; None where all do."""
        return None if self.ignore is None else self.classes(picture) != self.ignore

    def filled(self, picture: Picture, visible: Visible | None) -> Picture:
        """The picture in the classes' own colours, hidden pixels too in one of them."""
        found = self.classes(picture)
        if visible is not None:
            found = np.where(visible, found, 0)
        return self._drawn(np.minimum(found, len(self.names) - 1))

    def encode(self, picture: Picture) -> Values:
        """Pixels to values, (H, W, C) to (classes, H, W); a number to be ignored is no class.

        Raises:
            ValueError: as `classes`.
        """
        planes = np.arange(len(self.names))[:, None, None]
        return np.where(self.classes(picture) == planes, np.float32(1), np.float32(-1))

    def decode(self, values: ArrayLike) -> Picture:
        """Values to pixels, (classes, H, W) to (H, W, C): the likeliest class.

        Raises:
            ValueError: other planes than the classes, or a value not finite.
        """
        return self._drawn(checked_values(values, self.planes).argmax(0))

    def hide(self, picture: Picture, visible: Visible | None) -> Picture:
        """The picture with the class to ignore, where there is such, in place of the hidden."""
        if visible is None or self.ignore is None:
            return picture
        missing = self.palette[self.ignore] if self.palette else (self.ignore,)
        return np.where(visible[..., None], picture, np.array(missing, picture.dtype))

    def show(self, picture: Picture) -> NDArray[np.uint8]:
        """For the eye, RGB: numbers in colours far from each other."""
        if self.palette:
            return picture.astype(np.uint8)
        hues = (np.arange(len(self.names)) * 0.618) % 1  # the golden ratio spreads any count
        wheel = 0.5 + 0.45 * np.cos(2 * np.pi * (hues[:, None] - np.arange(3) / 3))
        found = np.minimum(picture[..., 0], len(self.names) - 1)
        return as_dtype(wheel * 255, np.dtype(np.uint8))[found]

    def _drawn(self, classes: Classes) -> Picture:
        if self.palette:
            return np.array(self.palette, self.dtype)[classes]
        return classes[..., None].astype(self.dtype)


def nearest(pixels: Picture, colours: NDArray[Any]) -> Classes:
    """Which of the colours (K, 3) is nearest to each RGB pixel: (H, W, 3) to (H, W).

    Of equally near ones the first is taken.
    """
    flat = pixels.reshape(-1, 3)
    codes = flat.astype(np.int64) @ (1 << np.array([32, 16, 0]))
    _, first, place = np.unique(codes, return_index=True, return_inverse=True)
    few, colours = flat[first].astype(np.int64), colours.astype(np.int64)
    # |p - c|^2 without |p|^2, which all classes share; every number is a whole one
    found = ((colours**2).sum(1) - 2 * few @ colours.T).argmin(1)
    classes: Classes = found[place.reshape(-1)].reshape(pixels.shape[:2])
    return classes
