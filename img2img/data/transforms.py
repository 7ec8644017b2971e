"""Recipes: how a picture of any size becomes the square that is trained on."""

import os
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, Field, model_validator

from img2img import images
from img2img.data.keys import Key, Stream, draws
from img2img.images import Picture


class Recipe(BaseModel, frozen=True, extra="forbid"):
    """Resize to `load`, crop and mirror at random (random jitter; pix2pix, section 6.2)."""

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
    jitter: float = Field(0.0, ge=0, le=1)
    """Largest relative change of brightness, contrast and saturation; of the input alone."""

    @model_validator(mode="after")
    def _holds_the_crop(self) -> "Recipe":
        if self.resize != "none" and self.load < self.size:
            raise ValueError(f"load {self.load} is below the crop of {self.size}; raise it")
        return self

    def augment(self, *pictures: Picture, key: Key, together: bool) -> tuple[Picture, ...]:
        """The input, and perhaps a second picture, as random crops size x size.

        Two pictures share every move if `together`; else each has its own.

        Raises:
            ValueError: a picture below the crop, or two of unequal size that belong together.
        """
        move = _geometry(self.size, flip=self.flip, turns=self.turns)
        loaded = [self._checked(self.resized(picture)) for picture in pictures]
        if together and len(pictures) == 2:
            _check_equal(*pictures)
            moved = _seeded(move, key, Stream.MOVES)(image=loaded[0], second=loaded[1])
            first, *others = moved["image"], moved["second"]
        else:
            streams = (Stream.MOVES, Stream.MOVES_APART)
            first, *others = (
                _seeded(move, key, stream)(image=picture)["image"]
                for stream, picture in zip(streams, loaded, strict=False)
            )
        return (self._jittered(first, key), *others)

    def still(self, picture: Picture) -> Picture:
        """The picture without chance, for validation: resized to `size` itself, its centre kept."""
        return _centre(self._checked(self._fitted(picture, self.size)), self.size)

    def resized(self, picture: Picture) -> Picture:
        """The picture before its crop."""
        return self._fitted(picture, self.load)

    def _fitted(self, picture: Picture, side: int) -> Picture:
        if self.resize == "none":
            return picture
        if self.resize == "squash":
            return images.resize(picture, side, side)
        height, width = picture.shape[:2]
        shorter = min(height, width)
        return images.resize(picture, round(width * side / shorter), round(height * side / shorter))

    def _checked(self, picture: Picture) -> Picture:
        height, width = picture.shape[:2]
        if min(height, width) < self.size:
            raise ValueError(
                f"the picture is {width} x {height} and the crop {self.size} x {self.size}; "
                "choose a smaller size, or let pictures be resized (resize squash or keep)"
            )
        return picture

    def _jittered(self, picture: Picture, key: Key) -> Picture:
        if not self.jitter:
            return picture
        if picture.dtype != np.uint8 or picture.shape[2] not in (1, 3):
            kind = f"{picture.dtype} with {picture.shape[2]} channels"
            raise ValueError(f"colour jitter needs 8-bit gray or RGB, not {kind}; set jitter 0")
        jittered: Picture = _seeded(_colours(self.jitter), key, Stream.COLOURS)(image=picture)[
            "image"
        ]
        return jittered


def _check_equal(x: Picture, y: Picture) -> None:
    if x.shape[:2] != y.shape[:2]:
        (h, w), (high, wide) = x.shape[:2], y.shape[:2]
        raise ValueError(f"the two are {w} x {h} and {wide} x {high}; a pair has one size")


def _centre(picture: Picture, size: int) -> Picture:
    top, left = ((side - size) // 2 for side in picture.shape[:2])
    return picture[top : top + size, left : left + size]


@lru_cache(maxsize=8)
def _geometry(size: int, *, flip: bool, turns: bool) -> Any:
    library = _albumentations()
    moves = [library.RandomCrop(size, size)]
    moves += [library.HorizontalFlip(p=0.5)] if flip else []
    moves += [library.RandomRotate90(p=1)] if turns else []
    return library.Compose(moves, additional_targets={"second": "image"})


@lru_cache(maxsize=8)
def _colours(jitter: float) -> Any:
    library, change = _albumentations(), (1 - jitter, 1 + jitter)
    return library.Compose([library.ColorJitter(change, change, change, hue=(0, 0), p=1)])


def _seeded(compose: Any, key: Key, stream: Stream) -> Any:
    """The same transforms about to draw what follows from (key, stream)."""
    seeds = draws(key, stream).generate_state(len(compose.transforms))
    # one seed for all, as Compose.set_random_seed gives, ties the flip to the crop (r = -0.86)
    for transform, seed in zip(compose.transforms, seeds, strict=True):
        transform.set_random_seed(int(seed))
    return compose


def _albumentations() -> Any:
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")  # its import asks the network otherwise
    import albumentations

    return albumentations
