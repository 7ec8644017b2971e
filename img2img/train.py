"""train: a run from its configuration to its generators, begun or gone on with."""

import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import Any

import torch

from img2img import images
from img2img.base.adversarial import ADVERSARIAL, accuracy
from img2img.base.metrics.mean import Mean
from img2img.base.report import Report
from img2img.base.runtime import Runtime
from img2img.base.trainer import Step, fit
from img2img.config import BUILTIN, Config, UsageError, overridden
from img2img.data.loading import batches, still
from img2img.fitting import check_batch, check_size
from img2img.modes import find_mode
from img2img.presets import TOWN
from img2img.runs import Resume, locked, standing, write_config
from img2img.schedules import described, length
from img2img.session import Session
from img2img.sources import Source, open_source
from img2img.starting import adopted, start_from
from img2img.views import evaluating, pictures

ROWS = 4  # of a sample sheet


class StoppedError(RuntimeError):
    """A signal ended the run, after it was saved."""

    def __init__(self, signal_number: int, message: str) -> None:
        super().__init__(message)
        self.signal_number = signal_number


def train(
    mode: str = "cyclegan",
    *,
    name: str | None = None,
    root: Path | str = "checkpoints",
    resume: Resume = "auto",
    weights_from: Sequence[Path | str] = (),
    **options: Any,
) -> Path:
    """Train `mode` in the folder root/name (the mode unless named), and return that folder.

    `options` are the fields of `Config`; groups are dictionaries: generator={"channels": 32}. For
    `data` its folder alone will do.

    Raises:
        ValueError: an option or a picture is at fault; LockedError, CheckpointError, DivergedError,
        StoppedError: as they say.
    """
    sources = [Path(source) for source in weights_from]
    config = configured(mode, options, adopted(sources))
    runtime = Runtime(config.device, config.precision, accumulate=config.optimization.accumulate)
    run = Path(root) / (name or mode)
    check_batch(config, runtime.shares)
    check_size(config)
    source = open_source(config, find_mode(config.mode).paired)
    with locked(run) if runtime.is_main else nullcontext():
        play(run, config, source, runtime, resume, sources)
    return run


def configured(
    mode: str, options: Mapping[str, Any], architecture: Mapping[str, Any] | None = None
) -> Config:
    """The mode's preset, the town's where no data are given, a start's networks, and the options.

    Raises:
        UsageError: the mode or an option is unknown, or a value out of range.
    """
    preset = find_mode(mode).preset
    changes = dict(options)
    if "epochs" in changes:
        changes.setdefault("steps", None)
    data = changes.get("data", {})
    if isinstance(data, str | Path):
        data = changes["data"] = {"path": str(data)}
    given = isinstance(data, Mapping) and data.get("path", BUILTIN) != BUILTIN
    town = {} if given else TOWN.get(mode, {})
    config = overridden(preset, town, architecture or {}, {**changes, "mode": mode})
    return config.completed()


def play(
    run: Path,
    config: Config,
    source: Source,
    runtime: Runtime,
    resume: Resume,
    sources: Sequence[Path],
) -> None:
    """Build or restore, then train to the end."""
    config, notes = adapted(config, source)
    found, warnings = standing(run, config, resume)
    steps = length(config, len(source.splits["train"]))
    first = found.step if found else 0
    if first > steps.total:
        raise UsageError(
            f"{run} has {first} steps already, more than the {steps.total} asked for; raise --steps"
        )
    session = Session(run, config, source, steps, runtime)
    if found:
        session.restore(found)
    else:
        notes += start_from(sources, session.live)
        session.begin_averages()
    runtime.wait()
    if runtime.is_main:
        write_config(run, config)
    quiet = not runtime.is_main
    report = Report(
        run, first=first, total=steps.total, tensorboard=config.report.tensorboard, quiet=quiet
    )
    schedule = described(config.optimization.schedule, steps, config.optimization.lr)
    for line in (
        f"{config.mode} on {source.kind}",
        f"{session_size(session)}; {schedule}; {runtime.device}, {config.precision}",
        *(f"note: {note}" for note in (*notes, *source.warnings, *warnings)),
        *([f"resumed after step {first}"] if found else []),
    ):
        report.line(line)
    if first == steps.total:
        report.close()
        report.line(f"{run} is finished: {first} steps; raise --steps to go on")
        return
    with report:
        loop(session, report, first, steps.total)
    report.line(f"done: {run}, sheets in {run / 'samples'}")


def adapted(config: Config, source: Source) -> tuple[Config, list[str]]:
    """The configuration with what the pictures decide, and what is to be said of it."""
    x, y = source.encodings
    channels = {"input_channels": x.channels, "output_channels": y.channels}
    changes: dict[str, Any] = {"data": channels}
    notes = []
    if config.mode == "cyclegan" and x.channels != y.channels and config.weights.identity:
        changes["weights"] = {"identity": 0.0}
        notes.append(
            f"the identity loss is off: x has {x.channels} channels and y has {y.channels}"
        )
    return overridden(config, changes), notes


def loop(session: Session, report: Report, first: int, total: int) -> None:
    """Play every step, and do what is due after it."""
    config, runtime, source = session.config, session.runtime, session.source
    workers = config.data.workers
    endless = batches(
        source.splits["train"], batch_size=config.batch_size, seed=config.seed, first_step=first,
        share=runtime.process, shares=runtime.processes,
        workers=(4 if runtime.device.type == "cuda" else 0) if workers is None else workers,
    )  # fmt: skip
    shown = source.splits.get("val", source.splits["train"])
    sheet = runtime.move(next(still(shown, batch_size=ROWS, limit=ROWS)))
    every = config.report
    with stopping() as stop:
        for step in fit(
            session.trainer, islice(endless, total - first), session.optimizers, runtime,
            seed=config.seed, first=first,
        ):  # fmt: skip
            done = step.number + 1
            session.update_averages()
            step, stopped = agreed(step, stop, runtime)
            report.step(step, session.learning_rates(step.number))
            if done % every.health == 0 or done == total:
                health(session, report, step)
            if runtime.is_main and (done % every.samples == 0 or done == total):
                show(session, report, done, sheet)
            if "val" in source.splits and (done % every.validate_every == 0 or done == total):
                validate(session, report, done)
            if done % every.save == 0 or done == total or stopped:
                report.flush()
                session.save(done)
            if stopped:
                raise StoppedError(
                    stopped, f"stopped after step {done}, which is saved; the same command goes on"
                )
    report.flush()


def agreed(step: Step, stop: list[int], runtime: Runtime) -> tuple[Step, int]:
    """The step with losses that are means over the processes, and whether any was told to stop."""
    if runtime.processes == 1:
        return step, stop[0] if stop else 0
    own = [*(v.float() for v in step.losses.values())]
    values = torch.stack([*own, own[0].new_tensor(float(stop[0]) if stop else 0.0)])
    *losses, told = runtime.mean(values)
    stopped = signal.SIGTERM if told > 0 else 0
    return step._replace(losses=dict(zip(step.losses, losses, strict=True))), stopped


def health(session: Session, report: Report, step: Step) -> None:
    """The discriminators' accuracy on this batch, and how far their judgements are saturated."""
    if not session.runtime.is_main:
        return
    networks, gan = session.networks, ADVERSARIAL[session.config.adversarial]
    with evaluating(*networks.values()):
        judged = session.view.judged(networks, step.batch, step.fakes)
    figures: dict[str, float] = {}
    for name, (real, fake) in judged.items():
        of_real, of_fake = accuracy(gan, real, fake)
        certain = torch.cat([real.flatten(), fake.flatten()]).sub(gan.threshold).abs() > SATURATED
        figures |= {
            f"{name}_real": float(of_real),
            f"{name}_fake": float(of_fake),
            f"{name}_saturated": float(certain.float().mean()),
        }
    report.figures(step.number + 1, "health", figures)


SATURATED = 4.0  # logits this far from the threshold leave a sigmoid with 2 % of its slope


def show(session: Session, report: Report, done: int, batch: Any) -> None:
    """A sample sheet of the same inputs each time."""
    report.flush()
    networks = session.networks
    with evaluating(*networks.values()):
        columns = session.view.columns(networks, batch)
    cells = [pictures(c.values, session.source.encodings[c.domain]) for c in columns]
    rows = [list(row) for row in zip(*cells, strict=True)]
    report.sheet(done, images.grid(rows, titles=[column.title for column in columns]))


def validate(session: Session, report: Report, done: int) -> None:
    """Figures on the validation pictures; the best pairs so far are kept."""
    if not session.runtime.is_main:
        return
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


def session_size(session: Session) -> str:
    """The networks and their weights, in a line."""
    return ", ".join(
        f"{name} {sum(w.numel() for w in network.parameters()) / 1e6:.2f} M"
        for name, network in session.networks.items()
    )


@contextmanager
def stopping() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM note their number for the end of the step; a second one ends at once."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)
        signal.signal(number, before[signal.Signals(number)])

    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = {number: signal.signal(number, note) for number in numbers}
    except ValueError:  # not the main thread: signals are another's business
        yield received
        return
    try:
        yield received
    finally:
        for number in numbers:
            signal.signal(number, before[number])
