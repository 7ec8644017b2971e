"""Runs of a second: networks of 4 channels, pictures of 32 pixels, a few steps."""

import atexit
import json
import os
import shutil
import signal
import tempfile
from pathlib import Path

import numpy as np
import pytest

from img2img import images
from img2img.base.report import Report
from img2img.options import merged
from img2img.run.stopping import StoppedError
from img2img.train import train

OPTIONS = {
    "steps": 4,
    "device": "cpu",
    "data": {"size": 32},
    "generator": {"channels": 4, "blocks": 1},
    "discriminator": {"channels": 4, "layers": 1},
    "optimization": {"lr": 2e-4, "discriminator_lr": None, "schedule": "linear", "ema": 0.0},
    "report": {"tensorboard": False, "pictures": 2},
}
RUNS: dict[str, Path] = {}
SHORT = [
    "--device", "cpu", "--size", "32", "--report.no-tensorboard",
    "--generator.channels", "4", "--generator.blocks", "1",
    "--discriminator.channels", "4", "--discriminator.layers", "1", "--report.pictures", "2",
]  # fmt: skip


def played(mode, root, *, name=None, resume="auto", weights_from=(), dry_run=False, **options):
    """A run in root/name, by default in root/mode."""
    common = {"name": name, "root": root, "resume": resume, "dry_run": dry_run}
    return train(mode, weights_from=weights_from, **common, **merged(OPTIONS, options))


def stopped(monkeypatch, number, mode, root, *, how=signal.SIGTERM, **options):
    """The same, told by a signal to stop once `number` steps are done."""

    def told(self, step, lr):
        note(self, step, lr)
        if step.number + 2 == number:
            os.kill(os.getpid(), how)

    note = Report.step
    with monkeypatch.context() as patch:
        patch.setattr(Report, "step", told)
        with pytest.raises(StoppedError, match=f"stopped after step {number}, which is saved"):
            played(mode, root, **options)


def finished(mode, **options):
    """A finished run, made once for all tests: to be looked at, not touched."""
    key = json.dumps([mode, options], sort_keys=True)
    if key not in RUNS:
        root = Path(tempfile.mkdtemp())
        atexit.register(shutil.rmtree, root, ignore_errors=True)
        RUNS[key] = played(mode, root, **options)
    return RUNS[key]


def noise(*shape, seed=0):
    """A picture of noise."""
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


def written(root, *shapes, folder="."):
    """Pictures of noise as root/folder/0.png and on; returns root."""
    for index, shape in enumerate(shapes):
        images.write(root / folder / f"{index}.png", noise(*shape, seed=index))
    return root


def domains(root, A, B):
    """A data set trainA/, trainB/ of pictures with these shapes."""
    written(root, *A, folder="trainA")
    return written(root, *B, folder="trainB")


def log(run, key):
    """The lines of log.jsonl that have the key."""
    lines = [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]
    return [line for line in lines if key in line]


def contents(run):
    """What must not depend on how often a run was interrupted: bytes by file."""
    last = max(run.glob("step-*"))
    kept = ("best/*", "samples/*", "*.safetensors", "log.jsonl")
    files = [*last.iterdir(), *(path for pattern in kept for path in run.glob(pattern))]
    return {str(path.relative_to(run)): path.read_bytes() for path in files}
