"""Latents: the noise z that pictures are drawn from, and ways through it; z: (latent,) ~ N(0, 1).

A picture depends on its z alone, so what is done to z shows what a network has learnt.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import atan2, sin

import torch
from torch import Tensor

Between = Callable[[Tensor, Tensor, float], Tensor]
"""From one z at 0 to the other at 1."""
PARALLEL = 1e-6  # sine of an angle
LEAST = 0.01  # truncation


def lerp(a: Tensor, b: Tensor, t: float) -> Tensor:
    """(1 - t) a + t b."""
    return (1 - t) * a + t * b


def slerp(a: Tensor, b: Tensor, t: float) -> Tensor:
    """sin((1 - t) w) / sin w a + sin(t w) / sin w b, with w between them (Shoemake 1985).

    Normal noise of many dimensions lies close to a sphere: the straight way leaves it, this does
    not. Parallel vectors, and opposite ones, which no shortest arc joins, go the straight way.
    """
    angle = angle_between(a, b)
    if abs(sin(angle)) < PARALLEL:
        return lerp(a, b, t)
    first, second = sin((1 - t) * angle) / sin(angle), sin(t * angle) / sin(angle)
    # near opposites the weights are huge and all but cancel out
    return (first * a.double() + second * b.double()).to(a.dtype)


def angle_between(a: Tensor, b: Tensor) -> float:
    """The angle in radians; 0 where one of them is no direction."""
    a, b = a.double(), b.double()
    lengths = float(a.norm()), float(b.norm())
    if not all(lengths):
        return 0.0
    a, b = a / lengths[0], b / lengths[1]
    return 2 * atan2(float((a - b).norm()), float((a + b).norm()))  # exact where arccos is not


def stops(keys: int, frames: int, *, closed: bool = False) -> int:
    """How many rows a way has: (keys - 1) (frames - 1) + 1, or keys (frames - 1) if closed.

    Raises:
        ValueError: fewer than two keys, or than two frames.
    """
    if keys < 2 or frames < 2:
        raise ValueError(
            f"{frames} frames between {keys} points are no way; give 2 or more of both"
        )
    return keys * (frames - 1) if closed else (keys - 1) * (frames - 1) + 1


def along(
    keys: Sequence[Tensor], frames: int, between: Between = slerp, *, closed: bool = False
) -> Tensor:
    """From z to z: `frames` a stretch, both of its ends, which stretches share, among them.

    (N, latent), N = stops(len(keys), frames); if closed it leads back to the first key, which does
    not come again.

    Raises:
        ValueError: as `stops`.
    """
    count, steps = stops(len(keys), frames, closed=closed), frames - 1
    stretches = pairwise([*keys, keys[0]])  # if open, only the key that begins the last is taken
    rows = [between(a, b, i / steps) for a, b in stretches for i in range(steps)]
    return torch.stack(rows[:count])


def combined(signs: Sequence[int], operands: Sequence[Tensor]) -> Tensor:
    """King - man + woman: the sum of signed operands (Radford et al. 2016, section 6.3.2)."""
    return torch.stack([s * z for s, z in zip(signs, operands, strict=True)]).sum(0)


def check_truncation(threshold: float | None) -> None:
    """Raise ValueError if next to no value lies within the threshold."""
    if threshold is not None and not threshold >= LEAST:
        raise ValueError(f"a truncation of {threshold:g} leaves no noise; choose {LEAST} or more")


def truncated(z: Tensor, threshold: float, generator: torch.Generator) -> Tensor:
    """The noise, its values beyond +-threshold drawn again (Brock et al. 2019, section 3.1).

    The smaller the threshold, the better and the more alike the pictures. `generator` draws them.

    Raises:
        ValueError: as `check_truncation`.
    """
    check_truncation(threshold)
    z = z.clone()
    while (beyond := z.abs() > threshold).any():
        z[beyond] = torch.randn(int(beyond.sum()), generator=generator, dtype=z.dtype)
    return z
