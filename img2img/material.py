"""Material: what is to be measured, couples or sets or what a run makes of pictures."""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from img2img import images
from img2img.couples import Couple
from img2img.images import Encoding, Picture

VERSION = version("img2img")
Made = Callable[[], Picture]  # reads or makes a picture


class Ensembles(NamedTuple):
    """Pictures to compare as sets."""

    fakes: Sequence[Made]
    reals: Sequence[Made] | Path
    """Or a file of their statistics."""
    train: Sequence[Made] | None = None
    """What was trained on."""
    real_names: Sequence[str] = ()
    train_names: Sequence[str] = ()

    @classmethod
    def of(
        cls,
        fakes: Sequence[Made],
        reals: Mapping[str, Made] | Path,
        train: Mapping[str, Made] | None,
    ) -> "Ensembles":
        """Of reals, or their statistics, and training pictures by their names."""
        learned = None if train is None else [*train.values()]
        if isinstance(reals, Path):
            return cls(fakes, reals, learned, (), [*(train or {})])
        return cls(fakes, [*reals.values()], learned, [*reals], [*(train or {})])


class Extra(NamedTuple):
    """A figure that takes a run's networks: of each of some pictures, and their mean."""

    definition: str
    names: Sequence[str]
    values: Callable[[], Sequence[float]]
    pictures: Sequence[Made] = ()
    """The real pictures that are involved, which a protocol identifies."""
    by_default: bool = True
    """Whether it is measured without being asked for."""


class Material(NamedTuple):
    """What is to be measured."""

    kind: Literal["pairs", "unpaired", "noise"]
    pairs: Sequence[Couple] = ()
    """Fakes and what each should be."""
    names: Sequence[str] = ()
    """Of the fakes of the ensembles."""
    ensembles: Ensembles | None = None
    """Fakes and reals as sets."""
    sources: Sequence[Made] = ()
    """What those fakes were made of, for the eye, where that is known."""
    extras: Mapping[str, Extra] = MappingProxyType({})
    encoding: Encoding | None = None
    """Of the fakes and reals, where it is known."""
    facts: Mapping[str, Any] = MappingProxyType({})
    """What stands in every protocol."""
    unmatched: Sequence[str] = ()


def trained(folder: str | Path | None) -> dict[str, Made] | None:
    """The pictures that were trained on, by name, where they are given."""
    return None if folder is None else named(Path(folder))


def named(folder: Path) -> dict[str, Made]:
    """The pictures of a folder by the path below it; of one that we drew, without its sheets.

    Raises:
        ValueError: there are none.
    """
    listed = drawn(folder)
    return {
        it.relative_to(folder).as_posix(): partial(images.read, it)
        for it in found(folder)
        if listed is None or it.name in listed
    }


def drawn(folder: Path) -> set[str] | None:
    """The names of the pictures of seeds, in a folder that `generate` filled; None of others."""
    try:
        rows = json.loads((folder / "report.json").read_bytes())["files"]
        return {Path(row["output"]).name for row in rows if "seed" in row} or None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def found(folder: Path) -> list[Path]:
    """The pictures of a folder, in natural order.

    Raises:
        ValueError: there are none.
    """
    files = images.find(folder)
    if not files:
        raise ValueError(f"no pictures in {folder}; their suffixes are {' '.join(images.SUFFIXES)}")
    return files
