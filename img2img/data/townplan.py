"""Plan: what stands where in a piece of the built-in town."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from img2img.data.waves import Array, Waves

CLASSES = ("field", "soil", "woods", "water", "road", "roof")
FIELD, SOIL, WOODS, WATER, ROAD, ROOF = range(len(CLASSES))

FINE = 2  # plans are drawn at twice the size, then averaged: edges are soft from the air
BLOCK = (68.0, 84.0)  # pixels from road to road, across u and across v
LANE = (2.9, 2.6)  # half a road's width in pixels
STRIP = 34.0  # a field's width in pixels: two to a block
BEND = 9.0  # pixels by which roads leave the straight line
VALLEY = 118.0  # pixels from river to river
PLOT = 14.4  # pixels from house to house along a road
SPACING = 4.8  # pixels from tree to tree
MARGIN = 12.0  # pixels outside the picture from which houses and trees still reach in
SUN = np.array((-0.6, -0.8))  # towards the light, as (x, y): shadows fall to the south-east
EVEN = 128  # the shade of level ground

# A plan is drawn in inks: below TREE an ink is a class, above it a class and a shade.
TREE, CROWN = len(CLASSES), (112, 130, 144)  # a crown is dark at its rim, light towards the sun
TILES = TREE + len(CROWN)  # ink TILES + s is a roof of shade s
LABELS = np.array((*range(TREE), *[WOODS] * len(CROWN), *[ROOF] * (256 - TILES)), np.uint8)
SHADES = np.array((*[EVEN] * TREE, *CROWN, *range(256 - TILES)), np.uint8)

Picture = NDArray[np.uint8]


class Plan(NamedTuple):
    """A piece of the town, every array (H, W) at FINE times the scene's size."""

    labels: Picture
    """Indices into CLASSES."""
    tint: Array
    """-1 to 1: one value for each field, and from the middle of a river to its banks."""
    shade: Picture
    """How much light trees and roofs catch; EVEN is as much as level ground."""
    u: Array
    """Pixels across the main roads."""
    v: Array
    """Pixels along the main roads."""
    relief: Array
    """A smooth unevenness, -1 to 1."""


class Frame(NamedTuple):
    """The town's own coordinates (u, v): turned, bent a little, roads at multiples of BLOCK."""

    turn: Array  # (2, 2)
    bend: tuple[Waves, Waves]
    origin: Array  # (2,)

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Frame:
        """Any direction, any origin."""
        angle = rng.uniform(0, np.pi)
        turn = np.array(((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))))
        bend = Waves.draw(rng, 130, 260), Waves.draw(rng, 130, 260)
        return cls(turn.astype(np.float32), bend, rng.uniform(0, BLOCK).astype(np.float32))

    def over(self, axis: Array) -> tuple[Array, Array]:
        """(u, v), each (H, W), on the square grid of `axis`."""
        u, v = (
            axis * row[0] + axis[:, None] * row[1] + (BEND * bend.over(axis) - origin)
            for row, bend, origin in zip(self.turn, self.bend, self.origin, strict=True)
        )
        return u, v

    def place(self, uv: Array) -> Array:
        """The points (x, y), (N, 2), that have the coordinates uv (N, 2)."""
        xy = (uv + self.origin) @ self.turn
        for _ in range(3):  # the bend is gentle: its fixed point is near
            bent = np.stack([bend.at(xy) for bend in self.bend], 1)
            xy = (uv + self.origin - BEND * bent) @ self.turn
        return xy


def draw(rng: np.random.Generator, size: int) -> Plan:
    """The plan of a scene of size x size pixels."""
    axis = (np.arange(size * FINE, dtype=np.float32) + 0.5) / FINE
    frame = Frame.draw(rng)
    u, v = frame.over(axis)
    relief = Waves.draw(rng, 36, 80, 4).over(axis)
    ground, tint = fields(rng, u, v)
    bank = river(rng, axis, relief)
    ground[bank < 1] = WATER
    tint = np.where(bank < 1, 2 * bank - 1, tint)
    paved = roads(rng, u, v)
    ground[paved] = ROAD
    canvas = Image.fromarray(ground)
    plant(canvas, rng, size)
    canvas.paste(ROAD, mask=Image.fromarray(paved))
    build(canvas, rng, frame)
    inks = np.asarray(canvas)
    return Plan(LABELS[inks], tint, SHADES[inks], u, v, relief)


def fields(rng: np.random.Generator, u: Array, v: Array) -> tuple[Picture, Array]:
    """Strips along the main roads, cut into fields: labels, and a tint for each."""
    strip = np.floor(u * (1 / STRIP)).astype(np.int32) & 15
    start = rng.uniform(0, 50, 16).astype(np.float32)
    each = (1 / rng.uniform(32, 54, 16)).astype(np.float32)
    field = np.floor((v + start[strip]) * each[strip]).astype(np.int32) & 15
    field += 16 * strip
    bare, tint = rng.random(256) < 0.36, rng.uniform(-1, 1, 256).astype(np.float32)
    return np.where(bare, SOIL, FIELD).astype(np.uint8)[field], tint[field]


def river(rng: np.random.Generator, axis: Array, relief: Array) -> Array:
    """Winding valleys, (H, W): 0 in the middle of the water, 1 on its banks."""
    angle, start = rng.uniform(0, 2 * np.pi), rng.uniform(0, VALLEY)
    across = axis * np.float32(np.cos(angle)) + axis[:, None] * np.float32(np.sin(angle))
    across += 14 * Waves.draw(rng, 60, 130).over(axis) + np.float32(start)
    width = (7 - 6 * relief).clip(0.1)  # wide where the ground is low
    bank: Array = apart(across, VALLEY) / width
    return bank


def roads(rng: np.random.Generator, u: Array, v: Array) -> NDArray[np.bool_]:
    """Main roads all along v, and most of the roads between them, (H, W)."""
    present = rng.random(256) < 0.8
    block = np.floor(u * (1 / BLOCK[0])).astype(np.int32) & 15
    side = np.rint(v * (1 / BLOCK[1])).astype(np.int32) & 15
    paved: NDArray[np.bool_] = apart(v, BLOCK[1]) < LANE[1]
    paved &= present[16 * block + side]
    return paved | (apart(u, BLOCK[0]) < LANE[0])


def apart(x: Array, unit: float) -> Array:
    """Distances to the nearest multiple of `unit`."""
    turns = x * (1 / unit)
    away: Array = np.abs(turns - np.rint(turns)) * unit
    return away


def plant(canvas: Image.Image, rng: np.random.Generator, size: int) -> None:
    """Woods, and a few trees that stand alone, on whatever is dry and not paved."""
    axis = np.arange(-MARGIN, size + MARGIN, SPACING)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    centres = grid + rng.uniform(-0.35, 0.35, grid.shape) * SPACING
    grown = Waves.draw(rng, 52, 100, 4).at(centres) > 0.26
    grown |= rng.random(len(grid)) < 0.008
    grown &= ~np.isin(under(canvas, centres), (WATER, ROAD))
    trees = rng.permutation(np.flatnonzero(grown))
    centres, radii = centres[trees, None], rng.uniform(3.6, 4.6, (len(trees), 1, 1))
    part = np.array((1, 0.75, 0.42))[:, None]  # of the crown, the lightest nearest to the sun
    centres = centres + radii * (1 - part) * 0.7 * SUN
    boxes = FINE * np.concatenate((centres - radii * part, centres + radii * part), -1)
    pen = ImageDraw.Draw(canvas)
    for crown in boxes.tolist():
        for ink, box in enumerate(crown, TREE):
            pen.ellipse(box, fill=ink)


def build(canvas: Image.Image, rng: np.random.Generator, frame: Frame) -> None:
    """Houses on most plots; their ridges run along the road."""
    size = canvas.width // FINE
    door, away = (np.concatenate(both) for both in zip(*plots(frame, size), strict=True))
    half = rng.uniform((4.8, 4.0), (6.6, 5.0), door.shape)  # along the road, away from it
    along = away[:, ::-1] * (1, -1)
    door += along * rng.uniform(-1.2, 1.2, (len(door), 1))
    yard = LANE[0] + 1.8 + rng.uniform(0, 1.5, (len(door), 1))
    centre = door + away * (yard + half[:, 1:])
    wide, deep = along * half[:, :1], away * half[:, 1:]
    spots = np.mgrid[-1.2:1.3:0.6, -1.2:1.3:1.2].reshape(2, -1, 1, 1)  # closer than a road is wide
    ground = under(canvas, centre + spots[0] * wide + spots[1] * deep)
    free = ~np.isin(ground, (WATER, ROAD)).any(0) & (under(canvas, door) == ROAD)
    free &= (np.abs(centre - size / 2) < size / 2 + MARGIN).all(1)
    free &= rng.random(len(door)) < 0.7
    gap = np.linalg.norm(centre[:, None] - centre, axis=-1) - half[:, :1] - half[:, 0]
    free &= ~np.tril((gap < 0.6) & free, -1).any(1)  # of two that touch, the first is built
    pen = ImageDraw.Draw(canvas)
    for house in np.flatnonzero(free):
        roof(pen, centre[house], wide[house], deep[house], EVEN + int(rng.integers(-16, 17)))


def roof(pen: ImageDraw.ImageDraw, centre: Array, wide: Array, deep: Array, shade: int) -> None:
    """A saddle roof, its ridge along `wide`; the slope that faces the sun is the lighter."""
    for side in (-deep, deep):
        light = round(shade + 24 * float(side @ SUN) / float(np.hypot(*side)))
        face = centre + np.stack((-wide, wide, wide + side, side - wide))
        pen.polygon((FINE * face - 0.5).ravel().tolist(), fill=TILES + light)


def plots(frame: Frame, size: int) -> Iterator[tuple[Array, Array]]:
    """Points on the roads (N, 2), twice each, and the ways off to its two sides, length 1."""
    middle = frame.turn @ np.full(2, size / 2) - frame.origin
    low, high = middle - 0.72 * size - BEND - MARGIN, middle + 0.72 * size + BEND + MARGIN
    for across in (0, 1):
        unit = np.where(np.arange(2) == across, BLOCK, PLOT)
        (u0, v0), (u1, v1) = (low // unit).astype(int), (high // unit).astype(int)
        uv = unit * np.mgrid[u0 : u1 + 1, v0 : v1 + 1].reshape(2, -1).T
        door = frame.place(uv)
        way = frame.place(uv + np.eye(2)[across]) - door
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        yield np.concatenate((door, door)), np.concatenate((way, -way))


def under(canvas: Image.Image, points: Array) -> Picture:
    """The inks at points (..., 2) in pixels, or at the border next to them."""
    x, y = np.moveaxis(np.clip(points * FINE, 0, canvas.width - 1).astype(int), -1, 0)
    inks: Picture = np.asarray(canvas)[y, x]
    return inks
