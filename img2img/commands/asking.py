"""What commands ask for alike, and how they answer."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

from img2img.config import Config
from img2img.options import merged, read_yaml

Direction = Literal["AtoB", "BtoA"]
T = TypeVar("T")
NOTHING = Config()  # no option given


def say(line: str) -> None:
    """A line to the terminal."""
    print(line, flush=True)


def tracked(items: Sequence[T]) -> Iterable[T]:
    """The items, with a progress bar on a terminal."""
    from rich.progress import track

    return track(items, "pictures", disable=not sys.stdout.isatty(), transient=True)


def asked(file: Path | None, options: Config, **short: Any) -> tuple[str, dict[str, Any]]:
    """The mode, and what is asked for by a file, options over it, and over both those of data."""
    given: dict[str, Any] = read_yaml(file) if file else {}
    chosen = options.model_dump(exclude_unset=True)
    if "epochs" in chosen:
        chosen.setdefault("steps", None)  # the file's
    given = merged(given, chosen)
    short = {key: value for key, value in short.items() if value is not None}
    given = merged(given, {"data": short} if short else {})
    return str(given.pop("mode", "cyclegan")), given
