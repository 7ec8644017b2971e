"""train."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from img2img.commands.asking import NOTHING, Direction, asked
from img2img.config import Config
from img2img.options import merged


def train(
    *,
    name: str | None = None,
    resume: Literal["auto", "never", "must"] = "auto",
    start_from: Annotated[tuple[Path, ...], Parameter(name="--from", negative="")] = (),
    config: Annotated[Path | None, Parameter(name="--config")] = None,
    data: Annotated[str | None, Parameter(name="--data")] = None,
    size: Annotated[int | None, Parameter(name="--size")] = None,
    direction: Annotated[Direction | None, Parameter(name="--direction")] = None,
    best: Annotated[str | None, Parameter(name="--best")] = None,
    root: Annotated[Path, Parameter(name="--checkpoints")] = Path("checkpoints"),
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    options: Annotated[Config, Parameter(name="*", show_default=False)] = NOTHING,
) -> int:
    """Train a network; with no data given, on the built-in town, or srgan on photographs.

    Parameters
    ----------
    name
        The run's folder below checkpoints/; the mode unless given.
    resume
        auto: go on with a run of this name; never, must: insist.
    start_from
        A run or weights files to start from; networks of the same name are taken over.
    config
        A YAML file of options; those on the command line win, and what neither gives comes from
        the mode's preset. A run's own config.yaml lists them all.
    data
        Folder of pictures, short for --data.path.
    size
        Side of the squares trained on, in pixels, short for --data.size.
    direction
        AtoB or BtoA, short for --data.direction.
    best
        The figure that chooses the best checkpoint, such as kid, short for --report.best.
    root
        Where runs are kept.
    dry_run
        Play a few steps, print what the run will take in memory and time, and write nothing.
    """
    from img2img.train import train as verb

    mode, given = asked(config, options, path=data, size=size, direction=direction)
    if best is not None:
        given = merged(given, {"report": {"best": best}})
    verb(
        mode, name=name, root=root, resume=resume, weights_from=start_from, dry_run=dry_run, **given
    )
    return 0
