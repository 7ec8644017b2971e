"""Getting weights: from one of two sources, whole or not at all, into the folder they belong in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

from img2img import files
from img2img.weights import official, packages
from img2img.weights.catalogue import known
from img2img.weights.finding import folders

Source = Literal["official", "packages"]


class Got(NamedTuple):
    """A file of weights, and whether it was there before."""

    path: Path
    new: bool


def get(
    name: str,
    source: Source = "official",
    folder: Path | None = None,
    *,
    advance: Callable[[int], Any] = lambda received: None,
) -> Got:
    """`<name>.safetensors` in `folder`, else the environment's, else the user's cache.

    Args:
        name: An entry of the catalogue.
        source: The official address, or packages of the Python index.
        folder: Made if need be; a file that stands there already is kept.
        advance: Is told the bytes as they arrive from the official address.

    Raises:
        ValueError: the name is unknown, or the source could not give the file.
        OSError: it cannot be written.
    """
    known(name)
    path = folders(folder)[0] / f"{name}.safetensors"
    if path.is_file():
        return Got(path, new=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    if source == "packages":
        tensors = packages.tensors(name)
    else:
        tensors = official.tensors(name, path.parent, advance)
    from safetensors.torch import save

    files.write(path, save({key: tensor.contiguous() for key, tensor in tensors.items()}))
    return Got(path, new=True)
