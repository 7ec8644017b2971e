"""Pairs: outputs beside their targets."""

from collections.abc import Mapping
from functools import partial, reduce
from operator import add
from typing import Any

import torch

from img2img.base.judgement import Judgement, judge, shown
from img2img.base.metrics.confusion import Confusion, accuracy, mean_iou
from img2img.base.metrics.finished import Finished
from img2img.base.metrics.pictures import measure
from img2img.base.metrics.span import Mask, Span
from img2img.images import Labels, Picture
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

PICTURE_FIGURES, LABEL_FIGURES = ("l1", "psnr", "ssim"), ("iou", "accuracy")


def columns(networks: Networks, pair: Any) -> list[Column]:
    """Input, output and target."""
    return [
        Column("input", pair.x, 0),
        Column("output", networks["G"](pair.x), 1),
        Column("target", pair.y, 1),
    ]


def outputs(networks: Networks, pair: Any, _: int) -> Mapping[str, Outputs]:
    """Against their targets; a mask hides the same of both."""
    made = networks["G"](pair.x)
    return {"G": Outputs(made, pair.y, pair.x, paired=True, mask=pair.mask, mask_reals=pair.mask)}


def figures(
    _: Networks, pair: Any, outputs: Mapping[str, Outputs], encodings: Encodings, __: int
) -> Figures:
    """Output against target, as `evaluate` would measure them."""
    encoding, masks = encodings[1], visible(pair.mask)
    made, real = (pictures(values, encoding) for values in (outputs["G"].fakes, pair.y))
    if isinstance(encoding, Labels):
        return label_figures(made, real, encoding, masks)
    return {**measure(made, real, Span(encoding.low, encoding.high), masks)}


def label_figures(
    made: list[Picture], real: list[Picture], encoding: Labels, masks: list[Mask] | None
) -> Figures:
    """How many pixels are of the right class, and how well the classes' areas agree."""
    classes = [[encoding.classes(it) for it in side] for side in (made, real)]
    states = [
        Confusion.of(fake, true, encoding.planes, masks[i] if masks else None)
        for i, (fake, true) in enumerate(zip(*classes, strict=True))
    ]
    total = (reduce(add, states),)
    areas = partial(mean_iou, ignore=encoding.ignore)
    return {"accuracy": Finished(total, accuracy), "iou": Finished(total, areas)}


def judged(networks: Networks, pair: Any, fake: Any) -> Mapping[str, tuple[Judgement, Judgement]]:
    """D on the real and on the made pair."""
    D, mask = networks["D"], pair.mask
    both = (torch.cat([pair.x, shown(y, mask)], 1) for y in (pair.y, fake.y))
    real, made = (judge(D, seen, mask) for seen in both)
    return {"D": (real, made)}


PAIRS = View(
    columns,
    outputs,
    figures,
    judged,
    {"G": "generator.safetensors"},
    lambda encodings: LABEL_FIGURES if encodings[1].kind == "labels" else PICTURE_FIGURES,
)
