"""Resolutions: outputs beside bicubic interpolation and their targets."""

from collections.abc import Mapping
from typing import Any

from img2img.base.judgement import Judgement, judge, shown
from img2img.base.metrics.finished import Finished
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.pictures import measure
from img2img.base.metrics.span import Span
from img2img.base.ranges import applied
from img2img.images import Levels
from img2img.networks.enlarged import bicubic
from img2img.views.view import (
    Column,
    Encodings,
    Figures,
    Networks,
    Outputs,
    View,
    pictures,
    visible,
)


def columns(networks: Networks, batch: Any) -> list[Column]:
    """What interpolation makes of the input, what G does, and the target."""
    return [
        Column("bicubic", bicubic(batch.low, factor(batch)), 0),
        Column("output", applied(networks["G"], batch.low), 1),
        Column("target", batch.high, 1),
    ]


def outputs(networks: Networks, batch: Any, _: int) -> Mapping[str, Outputs]:
    """Against their targets; a mask hides the same of both."""
    made, mask = applied(networks["G"], batch.low), batch.mask
    plain = bicubic(batch.low, factor(batch))
    return {"G": Outputs(made, batch.high, plain, paired=True, mask=mask, mask_reals=mask)}


def figures(
    _: Networks, batch: Any, outputs: Mapping[str, Outputs], encodings: Encodings, __: int
) -> Figures:
    """Output against target within a border of the scale, and the decibels above bicubic's."""
    encoding, border = encodings[1], factor(batch)
    assert isinstance(encoding, Levels)
    inside = (..., slice(border, -border), slice(border, -border))
    masks = visible(None if batch.mask is None else batch.mask[inside])
    G = outputs["G"]
    assert G.inputs is not None
    made, plain, real = (
        pictures(values[inside], encoding) for values in (G.fakes, G.inputs, batch.high)
    )
    span = Span(encoding.low, encoding.high)
    found = measure(made, real, span, masks)
    before = measure(plain, real, span, masks, metrics=["psnr"])
    return {**found, "gain": Finished((found["psnr"], before["psnr"]), gain)}


def gain(made: Mean, plain: Mean) -> float:
    """Decibels between two means."""
    return made.value - plain.value


def judged(networks: Networks, batch: Any, fake: Any) -> Mapping[str, tuple[Judgement, Judgement]]:
    """D on the real and on the made pictures."""
    D, mask = networks["D"], batch.mask
    real, made = (judge(D, shown(high, mask), mask) for high in (batch.high, fake.high))
    return {"D": (real, made)}


def factor(batch: Any) -> int:
    """How many times larger the targets are."""
    return int(batch.high.shape[-1] // batch.low.shape[-1])


RESOLUTIONS = View(
    columns,
    outputs,
    figures,
    judged,
    {"G": "generator.safetensors"},
    lambda _: ("psnr", "ssim", "l1"),
)
