"""A run's folder: its lock, its configuration, and whether it may go on."""

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from img2img import files
from img2img.base import checkpoint
from img2img.base.checkpoint import Checkpoint
from img2img.config import Config, UsageError
from img2img.options import differences, overridden, read_yaml

Resume = Literal["auto", "never", "must"]
MAY_DIFFER = ("device", "steps", "epochs", "data.workers", "weights_dir", "report.")


class LockedError(RuntimeError):
    """Another process trains in the folder."""


@contextmanager
def locked(run: Path) -> Iterator[None]:
    """The run's folder for this process alone, what earlier ones left half-written swept away.

    A folder that holds nothing in the end, since what was asked was refused, is removed.

    Raises:
        LockedError: another process holds it.
    """
    run.mkdir(parents=True, exist_ok=True)
    with (run / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LockedError(
                f"{run} is being trained by {file.read().strip() or 'another process'}; wait for"
                " it, or choose another --name"
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        files.sweep(run)
        try:
            yield
        except BaseException:
            if [path.name for path in run.iterdir()] == ["lock"]:  # it never began
                shutil.rmtree(run)
            raise


def read_config(run: Path) -> Config:
    """The configuration that a run wrote.

    Raises:
        ValueError: there is none, or it is not one of ours.
    """
    path = run / "config.yaml"
    if not path.is_file():
        raise ValueError(f"{run} is no run: it has no config.yaml; give a folder that train wrote")
    try:
        return overridden(Config(), read_yaml(path))
    except ValueError as error:
        raise ValueError(f"{path} does not fit this version: {error}") from error


def standing(run: Path, config: Config, resume: Resume) -> tuple[Checkpoint | None, list[str]]:
    """The checkpoint to go on from, if any, and what is to be said of it.

    Raises:
        UsageError: the run is of another configuration, or there is none to resume, or one that
            must not be.
        CheckpointError: no checkpoint of the run is whole.
    """
    if not (run / "config.yaml").is_file() or not checkpoint.steps(run):
        if resume == "must":
            raise UsageError(f"there is no run in {run} to resume; leave --resume out to start one")
        return None, []
    if resume == "never":
        raise UsageError(f"{run} holds a run already; choose another --name or --resume auto")
    changed = differences(read_config(run), config, ignoring=MAY_DIFFER)
    if changed:
        raise UsageError(
            f"{run} holds a run of another configuration ({'; '.join(changed)}); choose another"
            " --name, or the same options"
        )
    return checkpoint.newest(run)


def write_config(run: Path, config: Config) -> None:
    """Write the whole configuration."""
    files.write(run / "config.yaml", config.yaml().encode())
