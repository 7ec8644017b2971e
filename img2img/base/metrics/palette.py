"""Palettes: the classes that the colours of a label map stand for."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img import files


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


def find(name: str | Path) -> Path:
    """The file of that name, or a built-in set's: builtin:town."""
    kind, colon, built_in = str(name).partition(":")
    inside = kind == "builtin" and colon
    path = files.builtin(built_in) / "palette.txt" if inside else Path(name)
    if not path.is_file():
        raise ValueError(f"there is no palette {path}; give a file of lines `red green blue name`")
    return path
