"""Runs on disk: hashed step folders that appear whole or not at all."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from img2img import files
from img2img.base.weights import CheckpointError, load_weights, save_weights

MANIFEST = "MANIFEST.json"
CONTENT = ("weights.safetensors", "state.safetensors", "state.json")


class Checkpoint(NamedTuple):
    """What a step folder holds."""

    step: int
    weights: dict[str, Tensor]
    state: dict[str, Tensor]
    facts: dict[str, Any]


def save(
    folder: Path, weights: Mapping[str, Tensor], state: Mapping[str, Tensor], facts: dict[str, Any]
) -> None:
    """Write a step folder: built aside, its manifest last, then renamed into place."""
    with files.folder(folder, replace=True) as building:
        save_weights(building / "weights.safetensors", weights, {})
        save_weights(building / "state.safetensors", state, {})
        files.write(building / "state.json", json.dumps(facts, sort_keys=True, indent=1).encode())
        manifest = {
            path.name: {"size": path.stat().st_size, "sha256": sha256(path)}
            for path in sorted(building.iterdir())
        }
        files.write(building / MANIFEST, json.dumps(manifest, sort_keys=True, indent=1).encode())


def sha256(path: Path) -> str:
    """Of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def load(folder: Path) -> Checkpoint:
    """What a step folder holds, every hash checked.

    Raises:
        CheckpointError: a file is missing, damaged or of another size.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        for name in CONTENT:
            path, facts = folder / name, manifest[name]
            if path.stat().st_size != facts["size"] or sha256(path) != facts["sha256"]:
                raise CheckpointError(f"{path} is damaged: it differs from its manifest")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{folder} is no whole checkpoint: {error}") from error
    weights, _ = load_weights(folder / "weights.safetensors")
    state, _ = load_weights(folder / "state.safetensors")
    facts = json.loads((folder / "state.json").read_text())
    return Checkpoint(facts["step"], weights, state, facts)


def step_folder(run: Path, step: int) -> Path:
    """Where the checkpoint after so many steps stands."""
    return run / f"step-{step:08d}"


def steps(run: Path) -> list[Path]:
    """The run's step folders, the highest first; whole or not."""
    return sorted((path for path in run.glob("step-[0-9]*") if path.is_dir()), reverse=True)


def newest(run: Path) -> tuple[Checkpoint | None, list[str]]:
    """The highest checkpoint that is whole, and a warning for each damaged one above it.

    Raises:
        CheckpointError: there are checkpoints, but none is whole.
    """
    warnings: list[str] = []
    for folder in steps(run):
        try:
            return load(folder), [
                f"{warning}; went back to {folder.name}, the damaged one is kept"
                for warning in warnings
            ]
        except CheckpointError as error:
            warnings.append(str(error))
    if warnings:
        raise CheckpointError(
            f"no checkpoint of {run} is whole ({warnings[0]}); restore one, or start with another"
            " --name"
        )
    return None, []


def prune(run: Path, keep: int, done: int, *, always: int | None = None) -> None:
    """Delete all but `keep` step folders up to step `done`; later ones are damaged, and stay.

    Steps that are multiples of `always` are kept beside those.
    """
    old = [path for path in steps(run) if path <= step_folder(run, done)]
    passing = [path for path in old if not always or number(path) % always]
    for folder in passing[keep:]:
        shutil.rmtree(folder, ignore_errors=True)


def number(folder: Path) -> int:
    """The step of a step folder."""
    return int(folder.name.removeprefix("step-"))


def optimizer_tensors(name: str, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """An optimiser's state under flat names."""
    state = optimizer.state_dict()["state"]
    return {
        f"optimizer.{name}.{index}.{key}": torch.as_tensor(value)
        for index, values in state.items()
        for key, value in values.items()
    }


def restore_optimizer(
    name: str, optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]
) -> None:
    """Put back what `optimizer_tensors` gave."""
    prefix = f"optimizer.{name}."
    state: dict[int, dict[str, Tensor]] = {}
    for path, tensor in tensors.items():
        if path.startswith(prefix):
            index, key = path.removeprefix(prefix).split(".")
            state.setdefault(int(index), {})[key] = tensor
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
