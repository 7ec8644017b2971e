"""Scene: a piece of the built-in town, as labels, as a flat map and from the air."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img import files, images
from img2img.data.townplan import (
    CLASSES,
    EVEN,
    FINE,
    ROAD,
    ROOF,
    SOIL,
    SUN,
    WOODS,
    Picture,
    Plan,
    draw,
)
from img2img.data.waves import Array

PALETTE = (  # the map's colours, RGB, in the order of CLASSES
    (166, 212, 116),
    (240, 206, 140),
    (98, 168, 98),
    (104, 172, 230),
    (240, 240, 244),
    (204, 120, 108),
)
AERIAL = (  # the mean colours from the air
    (124, 152, 82),
    (186, 158, 116),
    (62, 92, 54),
    (58, 98, 122),
    (156, 155, 156),
    (178, 98, 76),
)
GRAIN = (0.26, 0.12, 0.30, 0.08, 0.12, 0.24)  # how much of its surface's texture a class shows
TINT = (0.07, 0.07, 0, 0.07, 0, 0)  # how much lighter a class gets where the plan's tint is 1
SHADOW = (0.70, 0.72, 0.76)  # what light remains, RGB: the sky is blue


class Scene(NamedTuple):
    """One piece of the town, three times, and its plan."""

    labels: Picture
    """(H, W) uint8, indices into CLASSES."""
    map: Picture
    """(H, W, 3) uint8 RGB, the flat colours of PALETTE and no others."""
    aerial: Picture
    """(H, W, 3) uint8 RGB."""
    plan: Plan
    """What all of them are drawn from."""


def scene(seed: int | Sequence[int], size: int) -> Scene:
    """The piece that follows from `seed`; a larger one shows more, at the same scale.

    Raises:
        ValueError: the size is below 32 pixels.
    """
    if size < 32:
        raise ValueError(f"a scene cannot be {size} pixels wide; choose a size of 32 or more")
    rng = np.random.default_rng(seed)
    plan = draw(rng, size)
    labels = np.ascontiguousarray(plan.labels[1::FINE, 1::FINE])
    return Scene(labels, np.array(PALETTE, np.uint8)[labels], photograph(plan, rng), plan)


def photograph(plan: Plan, rng: np.random.Generator) -> Picture:
    """The plan from the air: (H, W, 3) uint8 RGB, 1/FINE as wide."""
    labels = plan.labels
    light = 1 + surface(plan, rng) * np.array(GRAIN, np.float32)[labels]
    light += 0.07 * plan.relief
    light += plan.tint * np.array(TINT, np.float32)[labels]
    light *= plan.shade * np.float32(1 / EVEN)
    colours = np.array((AERIAL, np.multiply(AERIAL, SHADOW)), np.float32)
    colour = colours.reshape(-1, 3)[labels + len(CLASSES) * shadow(labels)]
    colour *= light[..., None]
    fine = [colour[y::FINE, x::FINE] for y in range(FINE) for x in range(FINE)]
    small: Picture = np.clip(np.sum(fine, 0) / len(fine) + 0.5, 0, 255).astype(np.uint8)
    return small


def shadow(labels: Picture) -> Picture:
    """(H, W), 1 on the ground that trees and roofs keep the sun from, else 0."""
    tall = (labels == WOODS) | (labels == ROOF)
    dark = np.zeros_like(labels)
    for step in range(1, 3):
        x, y = np.rint(-step * FINE * SUN).astype(int)
        dark[y:, x:] |= tall[:-y, :-x]
    dark[tall] = 0
    return dark


def surface(plan: Plan, rng: np.random.Generator) -> Array:
    """Light and dark of the ground, (H, W), about -1 to 1: each class has its texture."""
    grass, gravel, brick = (texture(name) for name in ("grass", "gravel", "brick"))
    side, labels = np.arange(len(plan.labels)), plan.labels
    y, x = rng.integers(0, 4096, 2)
    grain = grass[np.ix_(folded(side + y, grass), folded(side + x, grass))]
    stones = gravel[np.ix_(folded(side + x, gravel), folded(side + y, gravel))]
    tiles = brick[folded(plan.v * 6, brick), folded(plan.u * 6, brick)]
    furrows = grain + 0.7 * np.sin(plan.u * np.float32(2 * np.pi / 2.9))
    np.copyto(grain, furrows, where=labels == SOIL)
    np.copyto(grain, stones, where=(labels == WOODS) | (labels == ROAD))
    np.copyto(grain, tiles, where=labels == ROOF)
    return grain


def folded(index: NDArray[Any], tile: Array) -> NDArray[np.intp]:
    """Indices into a texture that is laid out again and again, every other time mirrored."""
    side = len(tile)
    index = np.asarray(index, np.intp) % (2 * side)
    return np.minimum(index, 2 * side - 1 - index)


@cache
def texture(name: str) -> Array:
    """A surface of the town, (side, side), about -1 to 1."""
    picture = images.read(files.builtin("town") / f"{name}.png")
    return (picture[..., 0] / 128 - 1).astype(np.float32)
