"""Preflight: real steps before a run, to know what it will take, and what fits if it does not."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice, pairwise
from typing import NamedTuple

import psutil
import torch

from img2img.base.runtime import Runtime
from img2img.base.trainer import fit
from img2img.config import Config
from img2img.data.loading import batches
from img2img.options import overridden
from img2img.run.session import Session

STEPS = 3  # the first also pays for what later ones find ready
HEADROOM = 0.9  # the share of the free memory that a run may count on


class Cost(NamedTuple):
    """What steps take."""

    first: float
    """Seconds of the first step."""
    step: float
    """Seconds of each one after it."""
    host: int
    """Bytes of this machine's memory at the most."""
    device: int | None
    """Bytes of the GPU's; None on a CPU."""


def preflight(session: Session, total: int, build: Callable[[Config], Session]) -> list[str]:
    """What a run of `total` steps will take, in lines; nothing is written.

    `build` makes the session of another configuration, where this one does not fit.
    """
    lines = [f"parameters: {session.sizes()}"]
    cost = attempt(session)
    if cost:
        return [*lines, *told(cost, total)]
    lines.append(f"it does not fit into the memory of {session.runtime.device}")
    config = session.config
    del session
    for options, smaller in alternatives(config):
        cost = attempt(build(smaller))
        if cost:
            return [*lines, f"this fits: {options}", *told(cost, total)]
        lines.append(f"nor does {options}")
    return lines


def attempt(session: Session) -> Cost | None:
    """What STEPS real steps take; None where memory runs out."""
    runtime, times = session.runtime, [time.monotonic()]
    try:
        with limited(runtime):
            for _ in fit(session.trainer, feed(session), session.optimizers, runtime):
                wait(runtime)
                times.append(time.monotonic())
    except (MemoryError, torch.OutOfMemoryError, RuntimeError) as error:
        if not isinstance(error, MemoryError) and "memory" not in str(error):
            raise
        return None
    seconds = [after - before for before, after in pairwise(times)]
    on_gpu = runtime.device.type == "cuda"
    device = torch.cuda.max_memory_reserved(runtime.device) if on_gpu else None
    return Cost(seconds[0], min(seconds[1:]), peak(), device)


def feed(session: Session) -> Iterator[object]:
    """The run's first batches."""
    config, runtime = session.config, session.runtime
    return islice(
        batches(
            session.source.splits["train"], batch_size=config.batch_size, seed=config.seed,
            share=runtime.process, shares=runtime.processes,
        ),
        STEPS,
    )  # fmt: skip


def told(cost: Cost, total: int) -> list[str]:
    """A cost in lines."""
    memory = f"memory: {cost.host / 2**30:.2f} GiB of {psutil.virtual_memory().total / 2**30:.1f}"
    if cost.device is not None:
        memory += f" here, {cost.device / 2**30:.2f} GiB on the GPU"
    return [
        memory,
        f"time: {cost.step:.3g} s a step ({cost.first:.3g} s the first),"
        f" {duration(cost.step * total)} for {total} steps, validation and sheets apart",
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


def peak() -> int:
    """Bytes of memory that this process has held at the most."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
