"""Preflight: real steps before a run, to know what it will take, and what fits if it does not."""

import gc
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

import psutil
import torch

from img2img.base.runtime import Runtime, out_of_memory
from img2img.base.trainer import fit
from img2img.config import Config
from img2img.options import overridden
from img2img.run.feeding import feed
from img2img.run.session import Session

ROUNDS = 3  # of all players; the first also pays for what later ones find ready
HEADROOM = 0.9  # the share of the free memory that a run may count on


class Cost(NamedTuple):
    """What steps take."""

    first: float
    """Seconds of the first step."""
    step: float
    """Seconds of each one after it, in the mean over a round of all players."""
    host: int
    """Bytes of this machine's memory at the most."""
    device: int | None
    """Bytes of the GPU's; None on a CPU."""


def preflight(config: Config, total: int, build: Callable[[Config], Session]) -> list[str]:
    """What a run of `total` steps will take, in lines; nothing is written.

    `build` makes the session of a configuration, of this one and of others where it does not fit.
    """
    session = build(config)
    device, lines = session.runtime.device, [f"parameters: {session.sizes()}"]
    cost = attempt(session)
    if cost:
        return [*lines, *told(cost, total, grows=session.dearest > 0)]
    del session  # it would take the place of the next
    lines.append(f"it does not fit into the memory of {device}")
    for options, smaller in alternatives(config):
        gc.collect()  # a trainer and its players hold each other
        cost = attempt(build(smaller))
        if cost:
            return [*lines, f"this fits: {options}", *told(cost, total)]
        lines.append(f"nor does {options}")
    return lines


def attempt(session: Session) -> Cost | None:
    """What a few real steps take; None where memory runs out."""
    runtime, each, first = session.runtime, session.config.n_critic, session.dearest
    forget_peaks(runtime)
    times = [time.monotonic()]
    try:
        with limited(runtime):
            for _ in fit(
                session.trainer, few(session), session.optimizers, runtime, first=first
            ):  # fmt: skip
                wait(runtime)
                times.append(time.monotonic())
    except (MemoryError, RuntimeError) as error:
        if not out_of_memory(error):
            raise
        return None
    rounds = [(after - before) / each for before, after in pairwise(times[::each])]
    on_gpu = runtime.device.type == "cuda"
    device = torch.cuda.max_memory_reserved(runtime.device) if on_gpu else None
    return Cost(times[1] - times[0], min(rounds[1:]), peak(), device)


def few(session: Session) -> Iterator[object]:
    """The run's dearest batches, as many as let every player play."""
    return islice(feed(session, session.dearest), ROUNDS * session.config.n_critic)


def told(cost: Cost, total: int, *, grows: bool = False) -> list[str]:
    """A cost in lines; of a run whose first steps cost less, the most that it can be."""
    most, whole = "at most " if grows else "", duration(cost.step * total)
    memory = f"memory: {cost.host / 2**30:.2f} GiB of {psutil.virtual_memory().total / 2**30:.1f}"
    if cost.device is not None:
        memory += f" here, {cost.device / 2**30:.2f} GiB on the GPU"
    return [
        memory,
        f"time: {cost.step:.3g} s a step ({cost.first:.3g} s the first), {most}{whole} for {total}"
        " steps, validation and sheets apart",
    ]


def duration(seconds: float) -> str:
    """In the unit that suits."""
    for unit, size in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"


def alternatives(config: Config) -> Iterator[tuple[str, Config]]:
    """Smaller configurations, those first that train the same."""
    parts = config.optimization.accumulate
    while parts * 2 <= config.batch_size and config.batch_size % (parts * 2) == 0:
        parts *= 2
        yield (
            f"--optimization.accumulate {parts}",
            with_(config, optimization={"accumulate": parts}),
        )
    channels = config.generator.channels
    while channels > 8:
        channels //= 2
        yield f"--generator.channels {channels}", with_(config, generator={"channels": channels})
    size = config.data.size
    while size >= 64:
        size //= 2
        smaller = {"data": {"size": size, "load": None}, "generator": {"depth": None}}
        yield f"--size {size}", with_(config, **smaller).completed()


def with_(config: Config, **changes: object) -> Config:
    """The configuration with these changes."""
    return overridden(config, changes)


@contextmanager
def limited(runtime: Runtime) -> Iterator[None]:
    """On a CPU: memory that is not there is refused now, instead of the process being killed."""
    if runtime.device.type != "cpu" or not sys.platform.startswith("linux"):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    free = psutil.virtual_memory().available * HEADROOM
    used = psutil.Process().memory_info().data
    limit = int(used + free)
    resource.setrlimit(resource.RLIMIT_DATA, (limit if soft < 0 else min(limit, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


def wait(runtime: Runtime) -> None:
    """Until the device has done what it was told."""
    if runtime.device.type == "cuda":
        torch.cuda.synchronize(runtime.device)


def forget_peaks(runtime: Runtime) -> None:
    """What an earlier attempt held is not this one's."""
    if runtime.device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(runtime.device)
    with suppress(OSError):  # Linux's alone; where there is none the process' peak is reported
        Path("/proc/self/clear_refs").write_text("5")


def peak() -> int:
    """Bytes of memory that this process has held at the most."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
