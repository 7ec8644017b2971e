"""train: a run from its configuration to its generators, begun or gone on with."""

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from img2img.base.report import Report
from img2img.base.runtime import Runtime
from img2img.config import Config, UsageError
from img2img.modes import find_mode
from img2img.run.configuring import adapted, configured
from img2img.run.fitting import check_batch, check_size
from img2img.run.folder import Resume, locked, standing, write_config
from img2img.run.loop import loop
from img2img.run.preflight import preflight
from img2img.run.remarks import remarks
from img2img.run.schedules import growing, length, planned
from img2img.run.session import Session
from img2img.run.sources import Source, open_source
from img2img.run.starting import adopted, start_from
from img2img.run.validation import exhausted, gauge_of, rehearse


def train(
    mode: str = "cyclegan",
    *,
    name: str | None = None,
    root: Path | str = "checkpoints",
    resume: Resume = "auto",
    weights_from: Sequence[Path | str] = (),
    dry_run: bool = False,
    **options: Any,
) -> Path:
    """Train `mode` in the folder root/name (the mode unless named), and return that folder.

    `options` are the fields of `Config`; groups are dictionaries: generator={"channels": 32}. For
    `data` its folder alone will do. With `dry_run` a few real steps are played, what the run will
    take is printed, and nothing is written.

    Raises:
        ValueError: an option or a picture is at fault; LockedError, CheckpointError, DivergedError,
        StoppedError: as they say.
    """
    if name is not None and (not name or Path(name).name != name):
        raise UsageError(f"--name {name!r} is no folder's name; give one without slashes")
    sources = [Path(source) for source in weights_from]
    config = configured(mode, options, adopted(sources))
    runtime = Runtime(config.device, config.precision, accumulate=config.optimization.accumulate)
    run = Path(root) / (name or mode)
    check_batch(config, runtime.shares)
    check_size(config)
    source = open_source(config, find_mode(config.mode).paired)
    if dry_run:
        if runtime.processes > 1:
            raise UsageError("--dry-run takes one process; start it without torchrun")
        foresee(run, config, source)
        return run
    with locked(run) if runtime.is_main else nullcontext():
        play(run, config, source, runtime, resume, sources)
    return run


def foresee(run: Path, config: Config, source: Source) -> None:
    """Print what the run will take."""
    config, notes = adapted(config, source)
    steps = length(config, len(source.splits["train"]))
    mode = find_mode(config.mode)
    gauge_of(config, mode.view, source.encodings)  # what is missing is said now

    def build(other: Config) -> Session:
        machine = Runtime(other.device, other.precision, accumulate=other.optimization.accumulate)
        again = source if other.data == config.data else open_source(other, mode.paired)
        return Session(run, adapted(other, again)[0], again, steps, machine)

    print(f"{config.mode} on {source.kind}")
    if grows := growing(config, steps):
        print(grows)
    for note in (*notes, *remarks(config), *source.warnings):
        print(f"note: {note}")
    total, waits = reach(config, steps.total)
    if waits:
        print(f"note: this ends with the warm start, after step {config.pretrain_steps}: {waits}")
    for line in preflight(config, total, build):
        print(line)


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
    notes += remarks(config)
    found, warnings = standing(run, config, resume)
    steps = length(config, len(source.splits["train"]))
    first = found.step if found else 0
    total, waits = reach(config, steps.total)
    if waits and first > total:
        raise UsageError(waits)
    if 0 < steps.total <= config.pretrain_steps:
        notes.append(
            f"all {steps.total} steps are of the warm start, which takes --pretrain-steps"
            f" {config.pretrain_steps}; SRGAN comes after it"
        )
    if first > steps.total:
        raise UsageError(
            f"{run} has {first} steps already, more than the {steps.total} asked for; raise --steps"
        )
    session = Session(run, config, source, steps, runtime)
    if found:
        if found.facts.get("encodings", session.encodings) != session.encodings:
            raise UsageError(
                f"{run} read its pictures in another way, such as by another palette; choose"
                " another --name, or put back what was"
            )
        session.restore(found)
        if found.facts["data"] != source.fingerprint:
            notes.append(f"the training pictures have changed since step {first}")
    else:
        notes += start_from(sources, session.live)
        if sources and session.growth:
            notes.append("what was grown before begins at 4 pixels again, and keeps its weights")
        session.begin_averages()
    rehearse(session)
    runtime.wait()
    if runtime.is_main:
        write_config(run, config)
    quiet = not runtime.is_main
    report = Report(
        run, first=first, total=total, tensorboard=config.report.tensorboard, quiet=quiet
    )
    schedule = planned(config, steps)
    for line in (
        f"{config.mode} on {source.kind}",
        f"{session.sizes()}; {schedule}; {runtime.device}, {config.precision}",
        *([grows] if (grows := growing(config, steps)) else []),
        *(f"note: {note}" for note in (*notes, *source.warnings, *warnings)),
        *([f"resumed after step {first}"] if found else []),
    ):
        report.line(line)
    if waits:
        report.line(f"note: this ends with the warm start, after step {total}: {waits}")
        if first == total:
            report.close()
            return
    if first == steps.total or exhausted(session):
        report.close()
        more = "--report.patience" if exhausted(session) else "--steps"
        report.line(f"{run} is finished: {first} steps; raise {more} to go on")
        return
    with report:
        loop(session, report, first, total)
    if session.best and exhausted(session):
        report.line(f"no better {session.best['metric']} since step {session.best['step']}: ended")
    report.line(f"done: {run}, sheets in {run / 'samples'}")
    if waits:
        name = config.content.features.partition(":")[0]
        report.line(f"next: img2img weights get {name}, then the same command again")


def reach(config: Config, total: int) -> tuple[int, str | None]:
    """How far a run gets with what is there, and what it lacks for the rest, if anything.

    Raises:
        UsageError: there is not even a warm start.
    """
    lacks = find_mode(config.mode).lacks(config) if total > config.pretrain_steps else None
    if lacks is None:
        return total, None
    if not config.pretrain_steps:
        raise UsageError(f"{lacks}; or choose --content.features none")
    return config.pretrain_steps, lacks
