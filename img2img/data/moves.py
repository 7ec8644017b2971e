"""Moves: the papers' crops, flips and turns, the same for all pictures that belong together."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from img2img.data.keys import Key, Stream
from img2img.data.library import albumentations, seeded
from img2img.images import Picture


class Layer(NamedTuple):
    """One of the pictures that move together: an input, its target, their mask."""

    picture: Picture
    nearest: bool = False
    """Takes the nearest pixel, so that labels and masks hold no value that they did not hold."""


def crop(
    picture: Picture, size: int, *, flip: bool, turns: bool, key: Key, stream: Stream
) -> Picture:
    """A place of size x size, mirrored or turned; pictures of one size get the same moves."""
    moved: Picture = seeded(_moves(size, flip=flip, turns=turns), key, stream)(image=picture)[
        "image"
    ]
    return moved


def turned(
    high: Picture, low: Picture, mask: Picture | None,
    *, flip: bool, turns: bool, shuffle: bool, key: Key,
) -> tuple[Picture, Picture, Picture | None]:  # fmt: skip
    """Both sizes of a picture and its mask mirrored and turned, their channels in another order."""
    layers = {"image": high, "low": low} | ({} if mask is None else {"mask": mask})
    moves = _turns(flip=flip, turns=turns, shuffle=shuffle)
    moved = seeded(moves, key, Stream.MOVES)(**layers)
    return moved["image"], moved["low"], moved.get("mask")


def check_equal(layers: Sequence[Layer]) -> None:
    """Raises ValueError for layers of different width or height."""
    height, width = layers[0].picture.shape[:2]
    for layer in layers[1:]:
        high, wide = layer.picture.shape[:2]
        if (high, wide) != (height, width):
            raise ValueError(
                f"the two are {width} x {height} and {wide} x {high}; a pair has one size"
            )


@lru_cache(maxsize=8)
def _moves(size: int, *, flip: bool, turns: bool) -> Any:
    library = albumentations()
    moves = [library.RandomCrop(size, size)]
    moves += [library.HorizontalFlip(p=0.5)] if flip else []
    moves += [library.RandomRotate90(p=1)] if turns else []
    return library.Compose(moves)


@lru_cache(maxsize=8)
def _turns(*, flip: bool, turns: bool, shuffle: bool) -> Any:
    library = albumentations()
    moves = [library.HorizontalFlip(p=0.5)] if flip else []
    moves += [library.RandomRotate90(p=1)] if turns else []
    moves += [library.ChannelShuffle(p=1)] if shuffle else []
    return library.Compose(moves, additional_targets={"low": "image"}, is_check_shapes=False)
