"""Looks: what each picture file turns out to be when it is read."""

import warnings
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from pathlib import Path
from typing import NamedTuple

from img2img import images
from img2img.images import UnreadableError

DECODED = 5000  # files that are decoded to their end; of more, an even share, else the header


class Look(NamedTuple):
    """What one picture is."""

    name: str
    width: int
    height: int
    channels: int
    dtype: str
    """Empty where the header alone was read."""


def look(files: Collection[Path], decoded: int = DECODED) -> dict[Path, Look]:
    """Every file looked at, at most `decoded` of them to their end.

    Raises:
        ValueError: names the files that cannot be read, and why.
    """
    jobs = [(file, i % ceil(len(files) / decoded) == 0) for i, file in enumerate(sorted(files))]
    # readers silence warnings each for itself, which side by side may leave them silenced
    with warnings.catch_warnings(), ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda job: _look(*job), jobs))
    faults = [str(fault) for fault in found if isinstance(fault, UnreadableError)]
    if faults:
        head = f"{len(faults)} of {len(files)} pictures cannot be used:\n  "
        raise ValueError(head + listed(faults, "\n  "))
    return {
        file: seen for (file, _), seen in zip(jobs, found, strict=True) if isinstance(seen, Look)
    }


def listed(entries: Collection[str], separator: str = ", ", most: int = 10) -> str:
    """The first entries, and how many more there are."""
    more = [f"and {len(entries) - most} more"] if len(entries) > most else []
    return separator.join([*entries][:most] + more)


def _look(file: Path, decode: bool) -> Look | UnreadableError:
    try:
        if not decode:
            return Look(str(file), *images.size(file), "")
        picture = images.read(file)
        height, width, channels = picture.shape
        return Look(str(file), width, height, channels, picture.dtype.name)
    except UnreadableError as error:
        return error
