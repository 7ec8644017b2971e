"""How long a run is, and how its learning rate goes."""

import sys
from math import ceil
from typing import NamedTuple

from img2img.base.schedule import Schedule, constant, cosine, drop, linear
from img2img.base.trainer import Player, every
from img2img.config import Config
from img2img.modes import find_mode


class Length(NamedTuple):
    """In steps."""

    total: int
    constant: int
    """Steps at the full learning rate, where it is to fall."""
    stride: int
    """Steps between two changes: an epoch where the run is counted in epochs."""


def length(config: Config, pictures: int) -> Length:
    """The length of a run on so many pictures an epoch; one that grows ends when it has grown."""
    growth = find_mode(config.mode).grows(config)
    steps = growth.steps if growth and not config.epochs and not config.steps else config.steps
    if steps is not None:
        return Length(steps, steps // 2, 1)
    full, _, falling = (config.epochs or "1").partition("+")
    epoch = pictures / config.batch_size
    total = ceil((int(full) + int(falling or 0)) * epoch)
    return Length(max(total, 1), ceil(int(full) * epoch), max(1, round(epoch)))


def warms_up(player: Player) -> bool:
    """Whether it plays before the others alone."""
    return player.steps.stop < sys.maxsize


def time_of(player: Player, step: int) -> bool:
    """Whether a step lies between the player's first and its last."""
    return player.steps.start - player.steps.step < step < player.steps.stop


def stage(run: Length, steps: range) -> tuple[int, Length]:
    """The first of the run's steps that fall to a player, and the length of its share."""
    first, end = steps.start - steps.step + 1, min(steps.stop, run.total)
    if (first, steps.stop) == (0, sys.maxsize):
        return 0, run
    share = max(1, end - first)
    return first, Length(share, share // 2, min(run.stride, share))


def schedule(kind: str, run: Length) -> Schedule:
    """The factor of the learning rate."""
    if kind == "linear":
        return linear(run.total, constant=run.constant, every=run.stride)
    if kind == "drop":
        return drop(run.constant)
    return cosine(run.total) if kind == "cosine" else constant()


def planned(config: Config, run: Length) -> str:
    """The whole run's, in a line."""
    part = config.optimization
    first, share = stage(run, every(1, first=config.pretrain_steps))
    if not first:
        return described(part.schedule, run, part.lr)
    _, before = stage(run, range(first))
    warm = described(part.pretrain_schedule, before, part.pretrain_lr or part.lr)
    if first >= run.total:
        return f"warm start of {warm}"
    return f"warm start of {warm}; then {described(part.schedule, share, part.lr)}"


def growing(config: Config, run: Length) -> str | None:
    """When sizes change, in a line; None where they do not."""
    growth, doublings = find_mode(config.mode).grows(config), config.growth.doublings
    steps = growth.doubles if growth else doublings
    if not steps:
        return None
    least = config.data.size >> len(steps)
    begins = {step: least << times for times, step in enumerate((0, *steps))}
    reached = [f"{size} from step {step}" for step, size in begins.items() if step < run.total]
    unmet = "" if len(reached) == len(begins) else f" (the run ends before {config.data.size})"
    return f"pixels: {', '.join(reached)}{unmet}"


def described(kind: str, run: Length, lr: float) -> str:
    """In a line."""
    if kind == "linear" and run.constant < run.total:
        return f"{run.total} steps: lr {lr:g} for {run.constant}, then linearly towards 0"
    if kind == "cosine":
        return f"{run.total} steps: lr from {lr:g} to 0 by a cosine"
    if kind == "drop":
        return f"{run.total} steps: lr {lr:g} for {run.constant}, then {lr / 10:g}"
    return f"{run.total} steps at lr {lr:g}"
