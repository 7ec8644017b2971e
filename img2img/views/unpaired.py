"""Unpaired: both ways and back again, and whether outputs look like the other domain."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from img2img.base.judgement import Judgement, joint, judge, shown
from img2img.base.metrics.finished import Finished
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.patches import Patches
from img2img.base.metrics.wasserstein import sliced_wasserstein
from img2img.views.view import Column, Encodings, Figure, Figures, Networks, Outputs, View


def columns(networks: Networks, real: Any) -> list[Column]:
    """Both ways, and back again."""
    G, F = networks["G"], networks["F"]
    x, y = real.x, real.y
    there, here = G(x), F(y)
    return [
        Column("x", x, 0), Column("G(x)", there, 1), Column("F(G(x))", F(there), 0),
        Column("y", y, 1), Column("F(y)", here, 0), Column("G(F(y))", G(here), 1),
    ]  # fmt: skip


def outputs(networks: Networks, real: Any, _: int) -> Mapping[str, Outputs]:
    """Both ways; a translation's hidden pixels are its source's."""
    x, y, masks = real.x, real.y, (real.mask_x, real.mask_y)
    there, here = networks["G"](x), networks["F"](y)
    return {
        "G": Outputs(there, y, x, mask=masks[0], mask_reals=masks[1]),
        "F": Outputs(here, x, y, domain=0, mask=masks[1], mask_reals=masks[0]),
    }


def figures(
    networks: Networks,
    real: Any,
    outputs: Mapping[str, Outputs],
    encodings: Encodings,
    first: int,
) -> Figures:
    """Cycle and identity errors, mean absolute, of [0, 1]; and how far the outputs look from real.

    The errors are health alone, since copying scores 0; the distance is not: a copy of x looks
    like no y.
    """
    G, F = networks["G"], networks["F"]
    x, y = real.x, real.y
    there, here = outputs["G"].fakes, outputs["F"].fakes
    errors = {"cycle_x": (F(there), x, real.mask_x), "cycle_y": (G(here), y, real.mask_y)}
    if (encodings[0].kind, x.shape[1]) == (encodings[1].kind, y.shape[1]):
        errors |= {"identity_y": (G(y), y, real.mask_y), "identity_x": (F(x), x, real.mask_x)}
    found: dict[str, Figure] = {
        name: Mean.of((over_each((made - to).abs(), mask) / 2).tolist())
        for name, (made, to, mask) in errors.items()
    }
    sides = [
        side
        for it in (outputs["G"], outputs["F"])
        for side in ((it.fakes, it.mask), (it.reals, it.mask_reals))
    ]
    patches = tuple(Patches.of(side, first=first, mask=mask) for side, mask in sides)
    return found | {"swd": Finished(patches, likeness)}


def likeness(fake_y: Patches, y: Patches, fake_x: Patches, x: Patches) -> float:
    """How far G(x) looks from y, plus F(y) from x."""
    return sliced_wasserstein(fake_y, y) + sliced_wasserstein(fake_x, x)


def over_each(errors: Tensor, mask: Tensor | None) -> Tensor:
    """Each picture's mean over the pixels that count, (N,)."""
    weights = torch.ones_like(errors) if mask is None else mask.expand_as(errors)
    return (errors * weights).flatten(1).sum(1) / weights.flatten(1).sum(1).clamp_min(1)


def judged(networks: Networks, real: Any, fake: Any) -> Mapping[str, tuple[Judgement, Judgement]]:
    """Each D on its domain, where both pictures are visible."""
    mask = joint(real.mask_x, real.mask_y)
    found = {}
    for name, it, made in (("D_X", real.x, fake.x), ("D_Y", real.y, fake.y)):
        of_real, of_fake = (judge(networks[name], shown(side, mask), mask) for side in (it, made))
        found[name] = of_real, of_fake
    return found


UNPAIRED = View(
    columns,
    outputs,
    figures,
    judged,
    {"G": "generator_{}.safetensors", "F": "generator_{back}.safetensors"},
    lambda _: ("swd",),
)
