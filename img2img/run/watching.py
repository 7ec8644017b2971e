"""What is looked at between the steps: sheets, validation, and the discriminators' health."""

from collections.abc import Mapping
from typing import Any

import torch

from img2img import images
from img2img.base.adversarial import ADVERSARIAL, accuracy, cross_entropy
from img2img.base.metrics.mean import Mean
from img2img.base.report import Report
from img2img.base.trainer import Step
from img2img.data.loading import still
from img2img.run.session import Session
from img2img.views import evaluating, pictures

SATURATED = 4.0  # a logit this far from 0 leaves a sigmoid 2 % of its slope


def watch(session: Session, report: Report, step: Step, sheet: Any, *, last: bool) -> None:
    """Do what is due after a step; `sheet` are the inputs of the sample sheets.

    Raises:
        DivergedError: a loss or a weight is not finite.
    """
    done, every = step.number + 1, session.config.report
    if last or done % every.health == 0:
        health(session, report, step)
    if last or done % every.samples == 0:
        show(session, report, done, sheet)
    if "val" in session.source.splits and (last or done % every.validate_every == 0):
        validate(session, report, done)


def health(session: Session, report: Report, step: Step) -> None:
    """The discriminators' accuracy on this batch, and how far their judgements are saturated."""
    networks, gan = session.networks, ADVERSARIAL[session.config.adversarial]
    with evaluating(*networks.values()):
        judged = session.view.judged(networks, step.batch, step.fakes)
    figures: dict[str, float] = {}
    for name, (real, fake) in judged.items():
        of_real, of_fake = accuracy(gan, real, fake)
        figures |= {f"{name}_real": float(of_real), f"{name}_fake": float(of_fake)}
        if gan.discriminator is cross_entropy:
            certain = torch.cat([real.flatten(), fake.flatten()]).abs() > SATURATED
            figures[f"{name}_saturated"] = float(certain.float().mean())
    report.figures(step.number + 1, "health", figures)


def show(session: Session, report: Report, done: int, batch: Any) -> None:
    """A sample sheet of the same inputs each time."""
    report.flush()
    session.check(done)
    networks = session.networks
    with evaluating(*networks.values()):
        columns = session.view.columns(networks, batch)
    cells = [pictures(c.values, session.source.encodings[c.domain]) for c in columns]
    rows = [list(row) for row in zip(*cells, strict=True)]
    report.sheet(done, images.grid(rows, titles=[column.title for column in columns]))


def validate(session: Session, report: Report, done: int) -> None:
    """Figures on the validation pictures; the best pairs so far are kept."""
    report.flush()
    session.check(done)
    networks, source, every = session.networks, session.source, session.config.report
    sums: dict[str, Mean] = {}
    with evaluating(*networks.values()):
        for batch in still(source.splits["val"], limit=every.pictures):
            moved = session.runtime.move(batch)
            for name, mean in session.view.figures(networks, moved).items():
                sums[name] = sums[name] + mean if name in sums else mean
    figures = {name: mean.value for name, mean in sums.items()}
    if not figures:
        return
    report.figures(done, "validation", figures)
    better = session.view.chooses and improved(session, figures, done)
    said = "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
    report.line(f"validation after step {done}: {said}{'  (best)' if better else ''}")
    if better:
        session.save(done, best=True)


def improved(session: Session, figures: Mapping[str, float], done: int) -> bool:
    """Whether the chosen figure is the best so far, which is then noted."""
    name = session.config.report.best
    value = figures[name]
    best = session.best
    sign = 1 if name == "l1" else -1  # a distance falls, a likeness rises
    if best is not None and best["metric"] == name and sign * value >= sign * best["value"]:
        return False
    session.best = {"metric": name, "value": value, "step": done}
    return True
