"""Checkup: what is measured of the networks to see whether a run is ill, and said of it."""

from collections.abc import Mapping, Sequence
from math import isnan

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from img2img.base.adversarial import accuracy
from img2img.base.health import ill, warnings
from img2img.base.judgement import Judgement
from img2img.base.metrics.checkerboard import checkerboard
from img2img.base.metrics.symptoms import (
    blindness,
    certainty,
    diversity,
    drift,
    inversion,
    saturation,
)
from img2img.base.report import Report
from img2img.base.trainer import Step
from img2img.modes import loss
from img2img.run.session import Session
from img2img.views import Encodings, Outputs, evaluating

LOGISTIC = ("minimax", "non-saturating")  # whose logits can leave the range of a sigmoid
PICTURES = 32  # of val, the first, whose outputs are compared


def tell(session: Session, report: Report, done: int, figures: Mapping[str, float]) -> None:
    """Log a look's figures and which of them are ill; warn of what has been ill for long enough.

    The log holds nothing of the trend, which begins anew when a run is resumed.
    """
    known = {name: value for name, value in figures.items() if not isnan(value)}
    if not known:
        return
    signs = [name for name, value in known.items() if ill(name, value)]
    report.figures(done, "health", known, ill=signs)
    session.trend = session.trend.after(known)
    for sentence in warnings(session.trend.due(known)):
        report.line(f"warning: after step {done}: {sentence}")


def judged(session: Session, step: Step) -> dict[str, float]:
    """The discriminators' accuracies on this step's batch, and what is ill about their logits."""
    if session.warm_start is not None and not session.plays_on(step.number):
        return {}
    networks, gan = session.networks, loss(session.config)
    with evaluating(*networks.values()), session.runtime.autocast():
        said = session.view.judged(networks, step.batch, step.fakes)
    figures: dict[str, float] = {}
    for name, judgements in said.items():
        real, fake = map(counted, judgements)
        if not len(real) or not len(fake):
            continue
        found: dict[str, float] = {}
        if gan.threshold is not None:
            right = [float(share) for share in accuracy(gan.threshold, real, fake)]
            found = {"real": right[0], "fake": right[1]}
            found |= {"certainty": certainty(*right), "blindness": blindness(*right)}
        if session.config.adversarial in LOGISTIC:
            found["saturation"] = saturation(real, fake)
        figures |= {f"{name}_{figure}": value for figure, value in found.items()}
    return figures


def seen(outputs: Sequence[Mapping[str, Outputs]], encodings: Encodings) -> dict[str, float]:
    """What is ill about the pictures of each generator; of batches, compared as one set."""
    return {
        f"{name}_{figure}": value
        for name in (outputs[0] if outputs else ())
        for figure, value in symptoms([batch[name] for batch in outputs], encodings).items()
    }


def symptoms(parts: Sequence[Outputs], encodings: Encodings) -> dict[str, float]:
    """The figures of one generator's pictures that have a meaning for their kinds.

    From noise, and of classes, diversity alone: the others' remedies, or colours, are not theirs.
    """
    first = parts[0]
    labels = [encoding.kind == "labels" for encoding in encodings]
    drawn = labels[first.domain]
    fakes = together([shown(part.fakes, classes=drawn) for part in parts])
    reals = together([shown(part.reals, classes=drawn) for part in parts])
    masked = any(part.mask is not None or part.mask_reals is not None for part in parts)
    if masked:  # holes of other sizes would pass for other pictures
        hidden = [[visible(it.fakes, it.mask), visible(it.reals, it.mask_reals)] for it in parts]
        both = [together(side, -1) for side in zip(*hidden, strict=True)]
        whole = not drawn and all(side.shape[-1] for side in both)
        return {"drift": drift(*both)} if whole else {}
    figures = {"diversity": diversity(fakes, reals)}
    inputs = [part.inputs for part in parts if part.inputs is not None]
    if drawn or not inputs:
        return figures
    if first.paired:
        figures["inversion"] = inversion(reals, fakes)
    elif not labels[1 - first.domain]:
        figures["inversion"] = inversion(together(inputs), fakes)
    return figures | {"drift": drift(fakes, reals), "checkerboard": checkerboard(fakes, reals)}


def counted(judgement: Judgement) -> Tensor:
    """The logits of patches that are visible by more than half, (n,)."""
    logits, mask, _ = judgement
    if mask is None:
        return logits.float().flatten()
    height, width = logits.shape[-2:]
    return logits.float()[adaptive_avg_pool2d(mask, (height, width)) > 0.5]


def shown(values: Tensor, *, classes: bool) -> Tensor:
    """Values as they will be drawn: of classes the likeliest alone."""
    if not classes:
        return values
    return torch.full_like(values, -1).scatter(1, values.argmax(1, keepdim=True), 1)


def visible(values: Tensor, mask: Tensor | None) -> Tensor:
    """The pixels that count, (1, C, 1, n)."""
    pixels = values.movedim(1, 0).flatten(1)
    kept = pixels if mask is None else pixels[:, mask.flatten() > 0]
    return kept[None, :, None]


def together(parts: Sequence[Tensor], dim: int = 0) -> Tensor:
    """Batches as one, where every figure can be computed."""
    return torch.cat(list(parts), dim).float().cpu()
