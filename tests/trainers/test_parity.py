"""Sixty steps beside the reference implementation: the same weights, batches and pool draws.

The figures in tests/reference were recorded from it by tools/record_reference.py.
"""

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from img2img.base import pool
from img2img.base.runtime import Runtime
from img2img.base.schedule import linear
from img2img.base.trainer import Optimizer, Trainer, fit
from img2img.networks import build
from img2img.networks.reference import recognise
from img2img.trainers.cyclegan import CycleGAN
from img2img.trainers.pix2pix import Pix2Pix

ROOT = Path(__file__).parents[2]
RECORDS = json.loads((ROOT / "tests/reference/reference.json").read_text())["trainings"]
RULE = runpy.run_path(str(ROOT / "tools/record_reference.py"))
STEPS, EPOCH, SIZE, POOL = (RULE[name] for name in ("STEPS", "EPOCH", "SIZE", "POOL"))

TERMS: dict[
    str, dict[str, tuple[str, ...]]
] = {  # ours, and the reference's whose sum or half they are
    "pix2pix": {"D": ("D_real", "D_fake"), "GAN": ("G_GAN",), "L1": ("G_L1",)},
    "cycle_gan": {
        **{"GAN_G": ("G_A",), "GAN_F": ("G_B",), "cycle_x": ("cycle_A",), "cycle_y": ("cycle_B",)},
        **{"identity_y": ("idt_A",), "identity_x": ("idt_B",), "D_Y": ("D_A",), "D_X": ("D_B",)},
    },
}


class Pictures(NamedTuple):
    x: Tensor
    y: Tensor

    mask = mask_x = mask_y = None


def ours(name: str, player: str) -> nn.Module:
    """The network that the record began with, in float64 and without dropout."""
    shapes = RECORDS[name]["shapes"][player].items()
    drawn = RULE["weights"](f"{name}/{player}", {k: tuple(map(int, s.split())) for k, s in shapes})
    network, options, tensors = recognise(drawn)
    options |= {"dropout": 0.0} if "dropout" in options else {}
    built = build(network, options).double()
    built.load_state_dict(tensors)
    return built


def replay(draws: Tensor) -> Callable[..., Tensor]:
    """In the place of `uniform` in the pool: (swap if at least a half, place in the pool)."""
    stream = iter(draws.tolist())
    filled: dict[str, int] = {}

    def uniform(name: str, shape: tuple[int, int]) -> Tensor:
        have = filled.get(name, 0)
        filled[name] = have + shape[0]
        if have < POOL:
            return torch.zeros(shape)
        rows = (next(stream) for _ in range(shape[0]))
        return torch.tensor([(chance, (index + 0.5) / POOL) for chance, index in rows])

    return uniform


def start(name: str) -> tuple[Trainer[Any, Any], dict[str, nn.Module]]:
    players = {player: ours(name, player) for player in RECORDS[name]["shapes"]}
    if RECORDS[name]["mode"] == "pix2pix":
        return Pix2Pix(players["G"], players["D"]), players
    order = (players[player] for player in ("G_A", "G_B", "D_B", "D_A"))
    return CycleGAN(*order, pool=POOL), players


@pytest.mark.parametrize("name", RECORDS)
def test_sixty_steps_end_where_the_reference_ends(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = RECORDS[name]
    stored = load_file(ROOT / f"tests/reference/{name}.safetensors")
    trainer, players = start(name)
    monkeypatch.setattr(pool, "uniform", replay(stored["draws"]))
    factor = linear(STEPS, constant=EPOCH, every=EPOCH)
    optimizers = {
        key: Optimizer(
            torch.optim.Adam(player.weights(), betas=(0.5, 0.999)), lambda step: 2e-4 * factor(step)
        )
        for key, player in trainer.players.items()
    }
    batches = [
        Pictures(*(RULE["batch"](name, step, side, record["batch"]) for side in "xy"))
        for step in range(STEPS)
    ]
    losses = []
    for step in fit(trainer, batches, optimizers, Runtime("cpu")):
        rate = optimizers["G"].algorithm.param_groups[0]["lr"]
        assert rate == pytest.approx(stored["lr"][step.number].item(), rel=1e-14)
        losses.append({term: value.item() for term, value in step.losses.items()})

    difference = 0.0
    for player, network in players.items():
        final = {
            key.removeprefix(f"{player}/"): value
            for key, value in stored.items()
            if key.startswith(f"{player}/")
        }
        for key, value in recognise(final).tensors.items():
            # D's running averages take real before fake here, and nothing ever reads them
            if player != "D" or "running" not in key:
                there = network.state_dict()[key]
                difference = max(difference, (there - value).abs().max().item())
    print(f"{name}: largest weight difference {difference:.1e}")
    assert difference < 1e-8

    theirs = dict(zip(record["losses"], stored["losses"].T, strict=True))
    for term, parts in TERMS[record["mode"]].items():
        expected = torch.stack([theirs[part] for part in parts]).mean(0)
        found = torch.tensor([loss[term] for loss in losses], dtype=torch.float64)
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-8)


def test_the_records_cross_what_they_are_meant_to_cross() -> None:
    for name in RECORDS:
        stored = load_file(ROOT / f"tests/reference/{name}.safetensors")
        assert len(set(stored["lr"].tolist())) == 3
        if RECORDS[name]["mode"] == "cycle_gan":
            queries = 2 * (STEPS * RECORDS[name]["batch"] - POOL)
            assert len(stored["draws"]) == queries
            assert 0.3 < (stored["draws"][:, 0] > 0.5).double().mean() < 0.7
