"""curve: the figures of a run at every checkpoint that it kept."""

from collections.abc import Callable, Sequence
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from img2img import files
from img2img.base import checkpoint
from img2img.base.runtime import Runtime
from img2img.base.weights import CheckpointError
from img2img.chart import chart
from img2img.config import Config
from img2img.judging import strict_json
from img2img.models import as_direction, load_translator
from img2img.modes import find_mode
from img2img.options import overridden
from img2img.run.folder import read_config
from img2img.run.gauge import falls
from img2img.run.schedules import length
from img2img.run.session import Session
from img2img.run.sources import Source, fingerprint, open_layout, open_source, recipe_of, samples
from img2img.run.validation import chosen, measured


class Point(NamedTuple):
    """The figures after so many steps."""

    step: int
    metrics: dict[str, float]


class Curve(NamedTuple):
    """What was measured, step by step."""

    points: list[Point]
    """In the order of their steps."""
    metric: str
    """The figure that chooses."""
    best: int | None
    """The step that is best by it, the earliest of equals; None where it is nowhere defined."""
    damaged: list[str]
    """What is wrong with each checkpoint that was passed over."""
    facts: dict[str, Any]
    """Of what the figures are."""

    def json(self) -> str:
        """As strict JSON."""
        steps = [point._asdict() for point in self.points]
        best = {"step": self.best, "metric": self.metric}
        told = {"best": best, "damaged": self.damaged, "protocol": self.facts}
        return strict_json({"steps": steps, **told})


def curve(
    run: Path | str,
    data: Path | str | None = None,
    *,
    split: str | None = None,
    json: str | Path | None = None,
    sheet: str | Path | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Curve:
    """Measure every whole checkpoint of a run, the best among them, as its validation does.

    The pictures are all of a `split`, val unless given (who chooses a step by test has no test
    left), of the run's own data set or of `data`; the networks are the averaged ones where there
    are such. The chart goes to RUN/curve.png or to `sheet`; `tell` hears a line for each step.

    Raises:
        ValueError: no run or no such split, or a mode that translates nothing.
        CheckpointError: no checkpoint is whole.
    """
    run, split = Path(run), split or "val"
    config = read_config(run)
    if data is not None:
        config = overridden(config, {"data": {"path": str(data)}})
    session = opened(run, config, split)
    metric = chosen(config, session.view, session.source.encodings)
    assert metric is not None  # whatever translates has one
    figures, damaged = measure(session, split, tell)
    points = [Point(step, figures[step]) for step in sorted(figures)]
    facts = {
        "run": str(run),
        "data": config.data.path,
        "split": split,
        "pictures": len(session.source.splits[split]),
    }
    made = Curve(points, metric, best_step(points, metric), damaged, facts)
    files.write(Path(sheet or run / "curve.png"), drawn(made))
    if json is not None:
        files.write(Path(json), made.json().encode())
    return made


def opened(run: Path, config: Config, split: str) -> Session:
    """The run with the pictures of a data set, read as the run knows them.

    Raises:
        ValueError: there is no such split, or the run translates nothing.
    """
    paired = find_mode(config.mode).paired
    if config.data.scale is None:
        source = reread(run, config, paired)
    else:
        source = open_source(config, paired)
        # nothing is trained, and so no features are compared
        config = overridden(config, {"content": {"features": "none"}})
    if split not in source.splits:
        there = ", ".join(source.splits)
        raise ValueError(f"{config.data.path} has no {split} pictures; choose from {there}")
    steps = length(config, len(source.splits["train"]))
    return Session(run, config, source, steps, Runtime(config.device))


def reread(run: Path, config: Config, paired: bool | None) -> Source:
    """The pictures of a data set by the encodings of the run's generator.

    Raises:
        ValueError: the run translates nothing, or the data set is not understood.
    """
    direction = as_direction(config.data.direction)
    generator = load_translator(run, direction=direction, device="cpu")
    encodings = generator.input, generator.output
    layout, recipe = open_layout(config, paired), recipe_of(config)
    splits = {
        name: samples(part, recipe, encodings, paired, direction)
        for name, part in layout.splits.items()
    }
    return Source(layout.kind, splits, encodings, [], [], fingerprint(layout))


def measure(
    session: Session, split: str, tell: Callable[[str], None]
) -> tuple[dict[int, dict[str, float]], list[str]]:
    """The figures by step, and what is wrong with each checkpoint that is passed over.

    Raises:
        CheckpointError: no checkpoint is whole.
    """
    run, figures = session.run, dict[int, dict[str, float]]()
    best = [run / "best"] if (run / "best").is_dir() else []
    damaged = []
    for folder in [*reversed(checkpoint.steps(run)), *best]:
        try:
            found = checkpoint.load(folder)
        except CheckpointError as error:
            damaged.append(str(error))
            tell(f"passed over: {error}")
            continue
        if found.step not in figures:  # the best is often kept as a step, too
            session.restore(found)
            figures[found.step] = measured(session, split)[0]
            said = "  ".join(f"{name} {value:.4g}" for name, value in figures[found.step].items())
            tell(f"step {found.step}: {said}")
    if not figures:
        raise CheckpointError(f"no checkpoint of {run} is whole; restore one, or train again")
    return figures, damaged


def best_step(points: Sequence[Point], metric: str) -> int | None:
    """The first step with the best figure; None where it is nowhere defined."""
    sign = 1 if falls(metric) else -1
    defined = [point for point in points if not isnan(point.metrics[metric])]
    if not defined:
        return None
    return min(defined, key=lambda point: sign * point.metrics[metric]).step


def drawn(made: Curve) -> bytes:
    """As a PNG, the figure that chooses first."""
    names = sorted(made.points[0].metrics, key=lambda name: name != made.metric)
    steps = [point.step for point in made.points]
    values = {name: [point.metrics[name] for point in made.points] for name in names}
    facts = made.facts
    told = f"{Path(facts['run']).name} on {facts['pictures']} {facts['split']} pictures"
    title = f"{told} of {facts['data']}; best {made.metric} after step {made.best}"
    return chart(title, steps, values, made.best)
