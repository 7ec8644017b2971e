"""CIEDE2000: how different colours look, about 1 where it is just seen (CIE 142-2001).

The equations are numbered as in Sharma, Wu and Dalal 2005, with k_L = k_C = k_H = 1.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.differences import check_pair, mean
from img2img.base.metrics.lab import Lab, lab
from img2img.base.metrics.span import Mask, Unit

Values = NDArray[np.float64]  # one for each colour


class Polar(NamedTuple):
    """Lightness, chroma and hue, the a axis of gray colours stretched."""

    lightness: Values
    chroma: Values
    hue: Values  # degrees, 0 to 360; 0 of grays


def ciede2000(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """The mean difference of the pixels' colours, taken as sRGB under D65; nan without a pixel.

    Raises:
        ValueError: the shapes differ, or pictures are of other than 3 channels.
    """
    check_pair(fake, real, mask)
    if fake.shape[2] != 3:
        raise ValueError(
            f"ciede2000 is of the colours of RGB, not of {fake.shape[2]} channels; leave it out, or"
            " choose rgb or sr-rgb, which repeat gray"
        )
    colours = (picture if mask is None else picture[mask] for picture in (fake, real))
    return mean(difference(*map(lab, colours)))


def difference(one: Lab, other: Lab) -> Values:
    """Delta E_00 of colours (..., 3), which is symmetric: (...)."""
    stretch = _stretch(one, other)
    x, y = _polar(one, stretch), _polar(other, stretch)
    turn = (y.hue - x.hue + 180) % 360 - 180  # (10), the shorter way round
    lightness = y.lightness - x.lightness  # (8)
    chroma = y.chroma - x.chroma  # (9)
    # 0 where one is gray, whose hue is none: nothing else of the hues counts then
    hue = 2 * np.sqrt(x.chroma * y.chroma) * np.sin(np.radians(turn / 2))  # (11)
    middle = _middle(x.hue, y.hue)
    light, strong = (x.lightness + y.lightness) / 2 - 50, (x.chroma + y.chroma) / 2
    of_lightness = lightness / (1 + 0.015 * light**2 / np.sqrt(20 + light**2))  # (19)
    of_chroma = chroma / (1 + 0.045 * strong)  # (20)
    of_hue = hue / (1 + 0.015 * strong * _wave(middle))  # (21)
    bend = 30 * np.exp(-(((middle - 275) / 25) ** 2))  # (16): blues are turned
    rotation = -np.sin(np.radians(2 * bend)) * 2 * _saturated(strong)  # (17, 18)
    squares: Values = of_lightness**2 + of_chroma**2 + of_hue**2 + rotation * of_chroma * of_hue
    distance: Values = np.sqrt(np.maximum(squares, 0))  # (22)
    return distance


def _stretch(one: Lab, other: Lab) -> Values:
    """By how much the a axis is longer: half as much again for grays (2 to 5)."""
    chroma = (np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])) / 2
    return 1.5 - 0.5 * _saturated(chroma)


def _polar(colours: Lab, stretch: Values) -> Polar:
    lightness, a, b = np.moveaxis(colours, -1, 0)
    a = a * stretch
    return Polar(lightness, np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360)  # (6, 7)


def _saturated(chroma: Values) -> Values:
    """From 0 for grays to 1."""
    power = chroma**7
    saturated: Values = np.sqrt(power / (power + 25.0**7))
    return saturated


def _middle(one: Values, other: Values) -> Values:
    """The hue between two, on the shorter way   (14)."""
    total = one + other
    far = np.abs(one - other) > 180
    around = np.where(total < 360, total + 360, total - 360)
    return np.where(far, around, total) / 2


def _wave(hue: Values) -> Values:
    """How much less a turn of the hue is seen here than there   (15)."""
    waves = ((1, -30, -0.17), (2, 0, 0.24), (3, 6, 0.32), (4, -63, -0.20))
    wave = np.ones_like(hue)
    for k, phase, weight in waves:
        wave += weight * np.cos(np.radians(k * hue + phase))
    return wave
