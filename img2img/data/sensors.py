"""Sensors: the built-in town as instruments of science would record it, from its known truth."""

from collections.abc import Callable

import numpy as np

from img2img.data.townplan import EVEN, FINE, ROOF, WOODS, Plan
from img2img.data.waves import Array
from img2img.formats.pixels import Picture, as_dtype

# field, soil, woods, water, road, roof; after figures of the field's textbooks, rounded
REFLECTANCE = (
    (0.04, 0.08, 0.14, 0.05, 0.11, 0.10),  # blue
    (0.09, 0.13, 0.18, 0.07, 0.13, 0.15),  # green
    (0.06, 0.18, 0.05, 0.03, 0.15, 0.28),  # red
    (0.45, 0.27, 0.38, 0.01, 0.18, 0.33),  # near infrared: plants shine, water is black
)
KELVIN = (297.0, 303.0, 294.0, 289.0, 308.0, 311.0)
LAPSE = 0.004  # kelvin that a centimetre of height cools the ground by: steep, to be seen
GROUND, HILLS = 2000.0, 800.0  # height of level ground above the datum, and of hills, in cm
STOREYS, CROWNS = 450.0, 700.0  # how high roofs and trees stand above their ground, in cm


def bands(plan: Plan, rng: np.random.Generator) -> Picture:
    """(H, W, 5) float32: blue, green, red and near infrared, reflected shares; and kelvin."""
    light = (1 + 0.1 * plan.tint) * plan.shade * np.float32(1 / EVEN)
    colours = [np.array(band, np.float32)[plan.labels] * light for band in REFLECTANCE]
    heat = np.array(KELVIN, np.float32)[plan.labels] - np.float32(LAPSE) * ground(plan)
    whole = small(np.stack((*colours, heat), axis=2))
    scale = np.array((0.004, 0.004, 0.004, 0.008, 0.15), np.float32)  # of the instrument's noise
    noisy: Picture = whole + scale * rng.standard_normal(whole.shape, np.float32)
    return noisy


def height(plan: Plan, rng: np.random.Generator) -> Picture:
    """(H, W, 1) uint16: centimetres above the datum of whatever stands there."""
    slope = plan.shade.astype(np.float32) / EVEN
    above = np.where(plan.labels == ROOF, STOREYS, 0) + np.where(plan.labels == WOODS, CROWNS, 0)
    tall = small((ground(plan) + above * slope)[..., None])
    return as_dtype(tall, np.dtype(np.uint16))


def phase(plan: Plan, rng: np.random.Generator) -> Picture:
    """(H, W, 1) uint16 of 12 bit: a gray picture in which trees could be cells."""
    tones = np.array((0.50, 0.56, 0.42, 0.62, 0.58, 0.48), np.float32)[plan.labels]
    light = small((tones * (1 + 0.6 * (plan.shade.astype(np.float32) / EVEN - 1)))[..., None])
    noisy = light + 0.015 * rng.standard_normal(light.shape, np.float32)
    return as_dtype(noisy.clip(0, 1) * 4095, np.dtype(np.uint16))


def stain(plan: Plan, rng: np.random.Generator) -> Picture:
    """(H, W, 1) uint16: what glows under the lamp: the trees, if they were cells."""
    glow = (plan.labels == WOODS) * (
        0.25 + 0.75 * (plan.shade.astype(np.float32) / EVEN - 0.8) / 0.4
    )
    counts = 400 + 30000 * small(glow.clip(0)[..., None])  # 400: the camera's dark level
    return as_dtype(counts, np.dtype(np.uint16))


def ground(plan: Plan) -> Array:
    """Height of the bare ground above the datum, in cm."""
    height: Array = np.float32(GROUND) + np.float32(HILLS) * plan.relief
    return height


def small(fine: Array) -> Array:
    """(FINE * H, FINE * W, C) to (H, W, C): the mean of each square."""
    h, w, channels = fine.shape
    squares = fine.reshape(h // FINE, FINE, w // FINE, FINE, channels)
    mean: Array = squares.mean((1, 3), dtype=np.float32)
    return mean


SENSORS: dict[str, Callable[[Plan, np.random.Generator], Picture]] = {
    "bands": bands,
    "height": height,
    "phase": phase,
    "stain": stain,
}
