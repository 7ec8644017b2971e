"""Weights on disk: one safetensors file with one key of JSON, and a header that is not trusted."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors.torch import load as decode_tensors
from safetensors.torch import save as encode_tensors
from torch import Tensor

from img2img import files

FORMAT = 1
LARGEST_HEADER = 1 << 20  # bytes
MOST_TENSORS = 4096


class CheckpointError(ValueError):
    """A checkpoint or weights file that cannot be used; the message names it."""


def save_weights(path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, Any]) -> None:
    """Write tensors with one key of sorted JSON; the same content gives the same bytes.

    Raises:
        CheckpointError: a tensor holds a value that is not finite.
    """
    kept = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    for name, tensor in kept.items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise CheckpointError(f"{path} is not written: {name} holds values that are not finite")
    described = {"format": FORMAT, **metadata}
    files.write(path, encode_tensors(kept, {"img2img": json.dumps(described, sort_keys=True)}))


def load_weights(path: Path | str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors and metadata of a file that `save_weights` wrote.

    Raises:
        CheckpointError: the file is missing, damaged, foreign, or holds values that are not finite.
    """
    path = Path(path)
    if not path.is_file():
        raise CheckpointError(f"there is no weights file {path}; give a .safetensors file or a run")
    content = path.read_bytes()
    metadata = read_header(path, content)
    try:
        tensors = decode_tensors(content)
    except Exception as error:  # the decoder raises several kinds
        raise CheckpointError(f"{path} is damaged: {error}; restore or train it again") from error
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not tensor.isfinite().all():
            raise CheckpointError(f"{path}: values of {name} are not finite; do not use it")
    return tensors, metadata


def read_header(path: Path, content: bytes) -> dict[str, Any]:
    """Our metadata, after the header's size, keys and format are found sound."""
    length = int.from_bytes(content[:8], "little")
    if len(content) < 8 + length or not 0 < length <= LARGEST_HEADER:
        raise CheckpointError(
            f"{path} is damaged or no safetensors file; a .pth file must be converted by `img2img"
            " import` first"
        )
    try:
        header = json.loads(content[8 : 8 + length], object_pairs_hook=unique_keys)
        metadata = json.loads(header.get("__metadata__", {})["img2img"])
    except KeyError:
        raise CheckpointError(f"{path} was not written by img2img; use `img2img import`") from None
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise CheckpointError(f"{path} has a damaged header: {error}") from error
    if len(header) > MOST_TENSORS:
        raise CheckpointError(f"{path} lists {len(header)} tensors; {MOST_TENSORS} are allowed")
    if not isinstance(metadata, dict) or metadata.get("format") != FORMAT:
        raise CheckpointError(f"{path} is of another format than {FORMAT}; update img2img")
    return metadata


def unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refused if a key stands twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key stands twice")
    return result
