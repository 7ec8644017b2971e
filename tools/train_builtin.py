"""Train the generators that come with the package: builtin:sr-x2 and builtin:sr-x4.

    python tools/train_builtin.py [FOLDER]

trains them on the built-in photographs alone, about 20 minutes on two CPU cores for both, and puts
them into img2img/builtin/, bicubic interpolation beside them. FOLDER keeps the runs.
"""

import shutil
import sys
from pathlib import Path

from img2img import train
from img2img.base.weights import save_weights
from img2img.images import Levels
from img2img.models import BUILTIN

STEPS = {4: 12_000, 2: 8_000}
SIZES = {4: 96, 2: 48}  # pixels of the large picture: 24 of the small one


def trained(scale: int, root: Path) -> Path:
    """The warm start of the small preset, only longer."""
    steps = STEPS[scale]
    return train(
        "srgan", name=f"sr-x{scale}", root=root, steps=steps, pretrain_steps=steps,
        data={"scale": scale, "size": SIZES[scale]}, optimization={"ema": 0.998},
        report={"validate_every": 1000, "samples": 4000, "save": 2000},
    )  # fmt: skip


def bicubic(scale: int) -> None:
    """The baseline as a generator: no weights, only what it is."""
    options = {"in_channels": 3, "out_channels": 3, "scale": scale}
    levels = Levels(channels=3).model_dump()
    metadata = {
        "role": "generator", "name": "G", "mode": "srgan", "direction": "AtoB", "size": 96,
        "network": {"name": "bicubic", "options": options}, "input": levels, "output": levels,
        "resize": "none", "batch_norm": "running", "step": None, "trained_on": None,
    }  # fmt: skip
    save_weights(BUILTIN / f"bicubic-x{scale}.safetensors", {}, metadata)


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else "checkpoints")
    BUILTIN.mkdir(exist_ok=True)
    for scale in STEPS:
        bicubic(scale)
        run = trained(scale, root)
        shutil.copyfile(run / "generator.safetensors", BUILTIN / f"sr-x{scale}.safetensors")
