"""Where weights are looked for: a folder that is named, the environment's, the user's cache."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from img2img.weights.catalogue import behind_a_firewall, known

if TYPE_CHECKING:
    from torch import Tensor

VARIABLE = "IMG2IMG_WEIGHTS"


class MissingWeightsError(ValueError):
    """Weights that are nowhere to be found; the message tells how to get them."""


def find(name: str, folder: Path | str | None = None) -> Path:
    """The file `<name>.safetensors` in the first folder that holds it.

    Raises:
        MissingWeightsError: none does.
        ValueError: `name` is not in the catalogue.
    """
    known(name)
    places = folders(folder)
    for place in places:
        if (path := place / f"{name}.safetensors").is_file():
            return path
    looked = " or ".join(map(str, places))
    raise MissingWeightsError(
        f"there is no {name}.safetensors in {looked}; get it with `img2img weights get {name}`"
        f" ({behind_a_firewall(name)}), or put the file there"
    )


def find_all(names: Sequence[str], folder: Path | str | None = None) -> list[Path]:
    """The files of several, each as `find` finds it.

    Raises:
        MissingWeightsError: some are nowhere; all of these are named.
    """
    missing = []
    for name in names:
        try:
            find(name, folder)
        except MissingWeightsError as error:
            missing.append((name, error))
    if len(missing) > 1:
        lacking = [name for name, _ in missing]
        files = " and ".join(f"{name}.safetensors" for name in lacking)
        raise MissingWeightsError(
            f"there is no {files} in {' or '.join(map(str, folders(folder)))}; get them with"
            f" `img2img weights get {' '.join(lacking)}`, behind a firewall with --from packages"
        )
    if missing:
        raise missing[0][1]
    return [find(name, folder) for name in names]


def load(name: str, folder: Path | str | None = None) -> "dict[str, Tensor]":
    """The tensors of the file that `find` finds, on the CPU, under upstream's names.

    Raises:
        MissingWeightsError: there is no such file.
        ValueError: it is damaged, or `name` is not in the catalogue.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = find(name, folder)
    try:
        return load_file(path)
    except SafetensorError as error:
        raise ValueError(
            f"{path} is damaged ({error}); remove it and run `img2img weights get {name}`"
        ) from error


def folders(folder: Path | str | None = None) -> list[Path]:
    """Where files are looked for, the first first, and where the first new one goes."""
    named = [Path(folder)] if folder is not None else []
    variable = os.environ.get(VARIABLE)
    return [*named, *([Path(variable).expanduser()] if variable else []), cache()]


def cache() -> Path:
    """The user's cache of weights, where the system keeps caches."""
    return _caches() / "img2img" / "weights"


def _caches() -> Path:
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if given.is_absolute():  # a relative one is to be ignored (XDG Base Directory Specification)
        return given
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache")
