"""Palettes: the classes that the colours of a label map stand for."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Palette(NamedTuple):
    """The names of K classes and their colours."""

    names: tuple[str, ...]
    colours: NDArray[np.uint8]  # (K, 3) RGB


def load(path: Path) -> Palette:
    """The palette of a text file with a line `red green blue name` for each class.

    Empty lines and those that begin with # say nothing.

    Raises:
        ValueError: names the file and the line that is not of this form, or the name that recurs.
    """
    classes: dict[str, list[int]] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        words = line.split(maxsplit=3)
        if not words or words[0].startswith("#"):
            continue
        if len(words) < 4 or not all(w.isdecimal() and int(w) < 256 for w in words[:3]):
            raise ValueError(f"{path}, line {number}: {line!r} is not `red green blue name`")
        if words[3] in classes:
            raise ValueError(f"{path}, line {number}: the class {words[3]!r} stands there twice")
        classes[words[3]] = [int(word) for word in words[:3]]
    if len(classes) < 2:
        raise ValueError(f"{path} names {len(classes)} classes; a palette has at least 2")
    return Palette(tuple(classes), np.array(list(classes.values()), np.uint8))


def nearest(picture: NDArray[np.uint8], palette: Palette) -> NDArray[np.int64]:
    """The class of each pixel of an RGB picture: (H, W, 3) to (H, W), ties to the earlier class."""
    pixels, colours = picture.astype(np.float64), palette.colours.astype(np.float64)
    # |p - c|^2 without |p|^2, which all classes share; every number is a whole one
    distances = (colours**2).sum(1) - 2 * pixels @ colours.T
    classes: NDArray[np.int64] = distances.argmin(axis=-1)
    return classes
