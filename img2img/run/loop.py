"""The loop of a run: every step, and what is due after it."""

import signal
from itertools import islice

import torch

from img2img.base.report import Report
from img2img.base.runtime import Runtime
from img2img.base.trainer import Step, fit
from img2img.config import Config
from img2img.data.loading import still
from img2img.run.feeding import feed
from img2img.run.session import Session
from img2img.run.stopping import StoppedError, stopping, until
from img2img.run.validation import exhausted, validates
from img2img.run.watching import watch

ROWS = 4  # of a sample sheet


def loop(session: Session, report: Report, first: int, total: int) -> None:
    """Play the steps from `first` to `total`, or until validation has no more patience.

    Raises:
        StoppedError: a signal came; the run is saved.
        DivergedError: a figure or a weight is not finite.
    """
    config, runtime, source = session.config, session.runtime, session.source
    workers = config.data.workers
    endless = feed(
        session,
        first,
        workers=(4 if runtime.device.type == "cuda" else 0) if workers is None else workers,
    )
    shown = source.splits.get("val", source.splits["train"])
    sheet = runtime.move(next(still(shown, batch_size=ROWS, limit=ROWS)))
    done, enough, told = first, False, set[str]()
    if first == session.warm_start:
        session.end_warm_start()
    with stopping() as stop:
        for step in fit(
            session.trainer, until(stop, islice(endless, total - first)), session.optimizers,
            runtime, seed=config.seed, first=first,
        ):  # fmt: skip
            done = step.number + 1
            session.update_averages(step.number)
            step, stopped = agreed(step, stop, runtime)
            report.step(step, session.learning_rates(step.number))
            last, warm = done == total, done == session.warm_start
            told = balance(report, step, told)
            if runtime.is_main:
                watch(session, report, step, sheet, last=last)
            if last or warm or saves(config, done):
                report.flush()
                session.save(done)
            enough = validates(session, done, last=last) and agreed_upon(
                exhausted(session), runtime
            )
            if stopped or enough:
                break
            if warm and not last:
                session.end_warm_start()
    if done < total:
        report.flush()
        session.save(done)
        if not enough:
            raise StoppedError(stop[0] if stop else signal.SIGTERM, done)


def balance(report: Report, step: Step, told: set[str]) -> set[str]:
    """Say how large each term of the losses is when it first appears."""
    new = step.losses.keys() - told
    if new:
        terms = "  ".join(f"{name} {float(step.losses[name]):.4g}" for name in step.losses)
        report.line(f"losses of step {step.number + 1}: {terms}")
    return told | new


def saves(config: Config, done: int) -> bool:
    """Whether a checkpoint is due after so many steps."""
    every = config.report
    return done % every.save == 0 or bool(every.keep_every and done % every.keep_every == 0)


def agreed_upon(flag: bool, runtime: Runtime) -> bool:
    """Whether it is so on any process: the first alone validates."""
    if runtime.processes == 1:
        return flag
    return bool(runtime.mean(torch.tensor(float(flag), device=runtime.device)) > 0)


def agreed(step: Step, stop: list[int], runtime: Runtime) -> tuple[Step, int]:
    """The step with losses that are means over the processes, and whether any was told to stop."""
    if runtime.processes == 1:
        return step, stop[0] if stop else 0
    own = [*(v.float() for v in step.losses.values())]
    values = torch.stack([*own, own[0].new_tensor(float(stop[0]) if stop else 0.0)])
    *losses, told = runtime.mean(values)
    stopped = signal.SIGTERM if told > 0 else 0
    return step._replace(losses=dict(zip(step.losses, losses, strict=True))), stopped
