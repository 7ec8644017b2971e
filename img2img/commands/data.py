"""data check, data preview, data split and data town."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from img2img.commands.asking import NOTHING, Direction, asked, say, tracked
from img2img.config import Config


def check(
    data: Path,
    /,
    *,
    sheet: Path | None = None,
    config: Annotated[Path | None, Parameter(name="--config")] = None,
    size: Annotated[int | None, Parameter(name="--size")] = None,
    direction: Annotated[Direction | None, Parameter(name="--direction")] = None,
    options: Annotated[Config, Parameter(name="*", show_default=False)] = NOTHING,
) -> int:
    """Look through a data set as a mode would train on it: what it is, and what must be mended.

    Parameters
    ----------
    data
        A folder of pictures, or builtin:town.
    sheet
        Where to draw what was found.
    config
        A YAML file of options, as for train.
    size
        Side of the squares to be trained on, in pixels, short for --data.size.
    direction
        AtoB or BtoA, short for --data.direction.
    """
    from img2img.check import check as verb

    mode, given = asked(config, options, size=size, direction=direction)
    findings = verb(data, mode, sheet=sheet, tell=say, track=tracked, **given)
    return 3 if findings.faults else 0


def preview(
    out: Path, /, *, rows: int = 8,
    config: Annotated[Path | None, Parameter(name="--config")] = None,
    data: Annotated[str | None, Parameter(name="--data")] = None,
    size: Annotated[int | None, Parameter(name="--size")] = None,
    direction: Annotated[Direction | None, Parameter(name="--direction")] = None,
    options: Annotated[Config, Parameter(name="*", show_default=False)] = NOTHING,
) -> int:  # fmt: skip
    """Draw what the networks of a run would really see, with the options of `train`.

    Parameters
    ----------
    out
        The sheet, such as preview.png.
    rows
        How many samples, the first of the first epoch.
    config
        A YAML file of options, as for `train`.
    data
        Folder of pictures, short for --data.path.
    size
        Side of the squares trained on, in pixels, short for --data.size.
    direction
        AtoB or BtoA, short for --data.direction.
    """
    from img2img.preview import preview as verb

    mode, given = asked(config, options, path=data, size=size, direction=direction)
    verb(out, mode, rows=rows, **given)
    say(f"{out}: {rows} sample{'s' * (rows > 1)}")
    return 0


def split_(source: Path, out: Path, /) -> int:
    """Split side-by-side AB pictures into OUT/A and OUT/B."""
    from img2img.data.split import split

    say(f"{out}: {split(source, out)} pairs")
    return 0


def town(
    out: Path, /, *, count: int = 100, size: int = 64, seed: int = 0,
    split: Literal["train", "val", "test"] = "test", a: str = "map", b: str = "aerial",
    format: Literal["png", "tif", "npy"] | None = None,
) -> int:  # fmt: skip
    """Write pictures of the built-in town, one kind to OUT/A and another to OUT/B.

    Parameters
    ----------
    out
        A folder that is new or empty.
    count
        How many pairs.
    size
        Their sides in pixels.
    seed
        Which town.
    split
        Which of its pictures.
    a
        What A shows: map, aerial, labels (class numbers), bands (5 channels of float32), height
        (16 bit, cm), phase (12 of 16 bit) or stain (16 bit).
    b
        What B shows.
    format
        png where it holds the pictures, else tif, unless given.
    """
    from img2img.data.town import write_town

    write_town(out, count=count, size=size, seed=seed, split=split, sides=(a, b), format=format)
    say(f"{out}: {count} pairs")
    return 0
