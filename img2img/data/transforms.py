"""Recipes: how a picture of any size becomes the square that is trained on."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel, Field, model_validator

from img2img import images
from img2img.data.jitter import Bound, jitter, noise
from img2img.data.keys import Key, Stream, draws
from img2img.data.moves import Layer, check_equal, crop
from img2img.data.warp import Warp
from img2img.images import Picture

__all__ = ["Layer", "Recipe"]


class Recipe(BaseModel, frozen=True, extra="forbid"):
    """Resize to `load`, crop and mirror at random (random jitter; pix2pix, section 6.2).

    What the papers do not do is off. What is asked of the pixels beyond a picture is its mirror.
    """

    size: int = Field(256, ge=1)
    """Sides of the crop, in pixels."""
    load: int = Field(default_factory=lambda given: round(given.get("size", 256) * 286 / 256))
    """Side to resize to before the crop, in pixels."""
    resize: Literal["squash", "keep", "none"] = "squash"
    """squash: to load x load whatever the shape, as the papers; keep: the shorter side to load."""
    flip: bool = True
    """Mirrors left to right, half of the time."""
    turns: bool = False
    """Turns by 0 to 3 quarters: for pictures that have no up."""
    zoom: float = Field(0.0, ge=0, le=0.9)
    """Resizes by a factor of 1 - zoom to 1 + zoom more, but never below the crop."""
    rotate: float = Field(0.0, ge=0, le=180)
    """Largest turn to either side, in degrees."""
    shear: float = Field(0.0, ge=0, le=45)
    """Largest shear along each axis, in degrees."""
    elastic: float = Field(0.0, ge=0)
    """Largest displacement along each axis, in pixels of the crop; it bends smoothly."""
    jitter: float = Field(0.0, ge=0, le=1)
    """Largest relative change of brightness, contrast and saturation; of the input alone."""
    noise: float = Field(0.0, ge=0, le=1)
    """Standard deviation of Gaussian noise as a share of the value range; on the input alone."""
    degradation: Literal["bicubic", "realistic"] = "bicubic"
    """How a low resolution is made of a high one; for `Resolved` alone, as all that follows."""
    shrink: tuple[float, ...] = ()
    """The high resolution is shown at these fractions of its size too, each as likely as whole."""
    shuffle: bool = False
    """Puts the channels in a random order, the same at both resolutions."""
    contrast: float = Field(0.0, ge=0, le=1)
    """Largest change of contrast, a random gain of 1 - contrast to 1 + contrast; of both alike."""
    inversion: bool = False
    """Turns both into their negatives, half of the time."""

    @model_validator(mode="after")
    def _holds_the_crop(self) -> "Recipe":
        if self.resize != "none" and self.load < self.size:
            raise ValueError(f"load {self.load} is below the crop of {self.size}; raise it")
        return self

    def augment(
        self, layers: Sequence[Layer], *, key: Key, stream: Stream = Stream.MOVES
    ) -> list[Picture]:
        """Random crops size x size, all layers moved alike.

        Raises:
            ValueError: a layer is below the crop, or of another size than the first.
        """
        check_equal(layers)
        rng = np.random.default_rng(draws(key, stream).spawn(1)[0])  # apart from the papers' moves
        sides = self._zoomed(self._checked(*self._sides(layers[0].picture, self.load)), rng)
        pictures = [images.resize(it.picture, *sides, nearest=it.nearest) for it in layers]
        if self.rotate or self.shear or self.elastic:  # a crop already; the next takes all of it
            warp = self._warp(sides, rng)
            both = zip(pictures, layers, strict=True)
            pictures = [warp.of(picture, nearest=it.nearest) for picture, it in both]
        size, flip, turns = self.size, self.flip, self.turns
        return [crop(it, size, flip=flip, turns=turns, key=key, stream=stream) for it in pictures]

    def coloured(self, picture: Picture, *, key: Key, low: Bound, high: Bound) -> Picture:
        """The input with its own jitter and noise, within [low, high]."""
        if self.jitter:
            picture = jitter(picture, self.jitter, key, low, high)
        if self.noise:
            picture = noise(picture, self.noise, key, low, high)
        return picture

    def still(self, picture: Picture, *, nearest: bool = False) -> Picture:
        """The picture without chance, for validation: resized to `size` itself, its centre kept.

        Raises:
            ValueError: it is below the crop.
        """
        sides = self._checked(*self._sides(picture, self.size))
        return _centre(images.resize(picture, *sides, nearest=nearest), self.size)

    def resized(self, picture: Picture, *, nearest: bool = False) -> Picture:
        """The picture before its crop."""
        return images.resize(picture, *self._sides(picture, self.load), nearest=nearest)

    def _sides(self, picture: Picture, side: int) -> tuple[int, int]:
        """The width and height that the picture is resized to."""
        height, width = picture.shape[:2]
        if self.resize == "none":
            return width, height
        if self.resize == "squash":
            return side, side
        shorter = min(height, width)
        return round(width * side / shorter), round(height * side / shorter)

    def _zoomed(self, sides: tuple[int, int], rng: np.random.Generator) -> tuple[int, int]:
        if not self.zoom:
            return sides
        factor = rng.uniform(max(1 - self.zoom, self.size / min(sides)), 1 + self.zoom)
        return round(sides[0] * factor), round(sides[1] * factor)

    def _warp(self, sides: tuple[int, int], rng: np.random.Generator) -> Warp:
        rotate, shear, elastic = self.rotate, self.shear, self.elastic
        return Warp.draw(rng, *sides, self.size, rotate=rotate, shear=shear, elastic=elastic)

    def _checked(self, width: int, height: int) -> tuple[int, int]:
        if min(height, width) < self.size:
            raise ValueError(
                f"the picture is {width} x {height} and the crop {self.size} x {self.size}; "
                "choose a smaller size, or let pictures be resized (resize squash or keep)"
            )
        return width, height


def _centre(picture: Picture, size: int) -> Picture:
    top, left = ((side - size) // 2 for side in picture.shape[:2])
    return picture[top : top + size, left : left + size]
