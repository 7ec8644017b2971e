"""Noise: pictures of the same noise at every look."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from img2img.base.draws import seeded
from img2img.base.fading import faded
from img2img.base.judgement import Judgement, judge
from img2img.views.view import Column, Networks, Outputs, View


def columns(networks: Networks, batch: Any, count: int = 8) -> list[Column]:
    """Pictures from the same noise at every look."""
    G = networks["G"]
    device, latent = batch.x.device, getattr(G, "latent", 0)
    z = torch.randn((count, len(batch.x), latent), generator=seeded("sheet"))
    return [Column("G(z)", enlarged(G(some.to(device)), batch.x), 0) for some in z]


def outputs(networks: Networks, batch: Any, first: int) -> Mapping[str, Outputs]:
    """As many as there are pictures, from noise that is the same at every look."""
    G, x = networks["G"], batch.x
    z = torch.randn((len(x), getattr(G, "latent", 0)), generator=seeded("outputs", first))
    return {"G": Outputs(enlarged(G(z.to(x.device)), x), x, domain=0)}


def enlarged(made: Tensor, real: Tensor) -> Tensor:
    """What has not grown to the pictures' size yet, in larger pixels."""
    return interpolate(made, real.shape[-2:], mode="nearest")


def judged(networks: Networks, batch: Any, fake: Any) -> Mapping[str, tuple[Judgement, Judgement]]:
    """D on pictures and samples."""
    D = networks["D"]
    level = getattr(D, "level", None)
    real = batch.x if level is None else faded(batch.x, level)
    return {"D": (judge(D, real), judge(D, fake.x))}


NOISE = View(
    columns,
    outputs,
    lambda *_: {},
    judged,
    {"G": "generator.safetensors"},
    lambda _: (),
)
