"""Validation: figures on pictures that are not trained on, and what they decide."""

from collections.abc import Mapping
from itertools import islice
from math import isnan
from operator import add

from img2img.base.report import Report
from img2img.config import Config, UsageError
from img2img.data.loading import still
from img2img.run.checkup import PICTURES, seen, tell
from img2img.run.gauge import Gauge, choices, falls
from img2img.run.session import Session
from img2img.views import Encodings, Figures, Outputs, View, evaluating

FEW = 16  # pictures that are no trouble to look at once more


def validates(session: Session, done: int, *, last: bool) -> bool:
    """Whether validation is due after so many steps."""
    due = last or done % session.config.report.validate_every == 0 or done == session.warm_start
    return due and "val" in session.source.splits


def validate(session: Session, report: Report, done: int) -> None:
    """Measure and tell; the best of the run is kept.

    Raises:
        DivergedError: a weight is not finite.
    """
    report.flush()
    session.check(done)
    figures, outputs = measured(session, "val", session.config.report.pictures)
    tell(session, report, done, seen(outputs, session.source.encodings))
    if not figures:
        return
    report.figures(done, "validation", figures)
    better = improved(session, figures, done)
    said = "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
    report.line(f"validation after step {done}: {said}{'  (best)' if better else ''}")
    if better:
        session.save(done, best=True)


def measured(
    session: Session, split: str, limit: int | None = None
) -> tuple[dict[str, float], list[Mapping[str, Outputs]]]:
    """The figures of the networks as they are, on `limit` pictures of a split or on all.

    Which pictures follows from the seed, so that every validation sees the same. And the first
    outputs, to be looked at.
    """
    networks, source, view = session.networks, session.source, session.view
    gauge = gauged(session)
    sums: Figures = {}
    kept: list[Mapping[str, Outputs]] = []
    with evaluating(*networks.values()):
        stills = still(source.splits[split], limit=limit, seed=session.config.seed)
        for number, batch in enumerate(stills):
            moved = session.runtime.move(batch)
            outputs = view.outputs(networks, moved, number)
            found = view.figures(networks, moved, outputs, source.encodings, number)
            for name, figure in found.items():
                sums[name] = add(sums[name], figure) if name in sums else figure
            if gauge:
                gauge.add(outputs, number)
            if number < PICTURES:
                kept.append({name: made.on_cpu() for name, made in outputs.items()})
    figures = {name: figure.value for name, figure in sums.items()}
    return figures | ({gauge.name: gauge.finish()} if gauge else {}), kept


def gauged(session: Session) -> Gauge | None:
    """The session's gauge, if it has one, as it is before a validation."""
    if session.gauge is None:
        session.gauge = gauge_of(session.config, session.view, session.source.encodings)
    if session.gauge:
        session.gauge.begin()
    return session.gauge


def gauge_of(config: Config, view: View, encodings: Encodings) -> Gauge | None:
    """What measures the figure that was asked for, where the mode does not measure it itself.

    Raises:
        UsageError: the figure is not measured here.
        MissingWeightsError: it takes a network whose weights are nowhere.
    """
    name = chosen(config, view, encodings)
    own = name is None or name in view.chooses(encodings)
    return None if own or name is None else Gauge(name, config, encodings)


def rehearse(session: Session) -> None:
    """Measure a picture, or all if they are few: what is amiss is said now, not 200 steps on.

    Raises:
        UsageError: the figure that was asked for is not measured here.
        ValueError: it cannot be measured of such pictures, or of so few; weights are missing.
    """
    gauge = gauged(session)
    if gauge is None or "val" not in session.source.splits:
        return
    split, config = session.source.splits["val"], session.config
    few = min(config.report.pictures, len(split)) <= FEW
    stills = still(split, limit=config.report.pictures, seed=config.seed)
    with evaluating(*session.networks.values()):
        for number, batch in enumerate(islice(stills, None if few else 1)):
            moved = session.runtime.move(batch)
            gauge.add(session.view.outputs(session.networks, moved, number), number)
    if few:
        gauge.finish()


def improved(session: Session, figures: Mapping[str, float], done: int) -> bool:
    """Whether the figure that chooses is the best so far, which is then noted.

    After a warm start none chooses unless one is asked for: what an adversary adds costs decibels.
    """
    if session.plays_on(done - 1) and not asked(session):
        return False
    name = asked(session) or next(iter(session.view.chooses(session.source.encodings)), None)
    if name is None or isnan(figures[name]):
        return False
    value, best = figures[name], session.best
    sign = 1 if falls(name) else -1
    if best and best["metric"] == name and not sign * value < sign * best["value"]:
        session.best = {**best, "waited": best.get("waited", 0) + 1}
        return False
    session.best = {"metric": name, "value": value, "step": done, "waited": 0}
    return True


def chosen(config: Config, view: View, encodings: Encodings) -> str | None:
    """The figure that chooses the best checkpoint: the one asked for, else the mode's first.

    Raises:
        UsageError: the one asked for is not measured here.
    """
    asked, there = config.report.best, view.chooses(encodings)
    if asked and asked not in there:
        others = choices(view, encodings)
        if asked not in others:
            known = ", ".join((*there, *others)) or "none: this mode has no such figure"
            raise UsageError(f"--report.best {asked} is not measured here; choose from {known}")
    return asked or next(iter(there), None)


def asked(session: Session) -> str | None:
    """The figure that is to choose by the user's will."""
    return session.config.report.best


def exhausted(session: Session) -> bool:
    """Whether the best has not been bettered for as long as the run has patience."""
    patience, best = session.config.report.patience, session.best
    if session.warm_start and session.warm_start < session.length.total and not asked(session):
        return False  # the warm start is not the whole
    return bool(patience and best and best.get("waited", 0) >= patience)
