"""Twenty steps of the papers' games; torchrun runs it as two processes on halves of each batch.

A growing D sees how much four pictures differ that follow each other; of eight each process holds
four, so that no group is torn apart.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import torch
import toys
from torch import Tensor

from img2img.base.runtime import Runtime
from img2img.base.trainer import fit

STEPS = 20
ROWS = {"pix2pix": 2, "cyclegan": 2, "growing": 8}
PRECISIONS = {"float64": torch.float64, "float32": torch.float32}


def trained(game: str, dtype: torch.dtype) -> dict[str, Tensor]:
    """The weights, the pools and the losses, averaged over processes."""
    runtime = Runtime("cpu")
    trainer = (toys.GAMES | {"growing": toys.growing})[game]().to(dtype)
    rows = ROWS[game]
    part = rows // runtime.processes
    own = slice(part * runtime.process, part * (runtime.process + 1))
    batches = (
        toys.Pictures(*(side[own] for side in toys.pictures_of(trainer, rows, step, dtype=dtype)))
        for step in range(STEPS)
    )
    losses = [
        runtime.mean(torch.stack([*step.losses.values()]))
        for step in fit(trainer, batches, toys.optimizers(trainer), runtime)
    ]
    state: dict[str, Any] = trainer.state_dict()
    return state | {"losses": torch.stack(losses)}


def everything() -> dict[str, dict[str, Tensor]]:
    return {
        f"{game} {name}": trained(game, dtype)
        for game in ROWS
        for name, dtype in PRECISIONS.items()
    }


if __name__ == "__main__":
    found = everything()
    torch.save(found, f"{sys.argv[1]}/{Runtime('cpu').process}.pt")
    torch.distributed.destroy_process_group()
