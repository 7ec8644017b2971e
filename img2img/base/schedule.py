"""Learning-rate schedules: a factor of the first rate as a function of the step."""

from collections.abc import Callable
from math import cos, pi

Schedule = Callable[[int], float]


def constant() -> Schedule:
    """1 at every step."""
    return lambda step: 1.0


def linear(total: int, *, constant: int, every: int = 1) -> Schedule:
    """1 for `constant` steps, then down in equal strides; the last one still learns.

    `every` is the length of a stride in steps: an epoch in the papers. With n = constant / every
    and d strides of decay the factor in stride e is 1 - max(0, e + 1 - n) / (d + 1), as in the
    reference implementation, whose last epoch then has 1 / (d + 1).
    """
    decays = -(-(total - constant) // every)  # rounded up

    def factor(step: int) -> float:
        passed = (step - constant) // every + 1 if step >= constant else 0
        return 1.0 - min(passed, decays) / (decays + 1)

    return factor


def drop(constant: int) -> Schedule:
    """1 for `constant` steps, then 0.1."""
    return lambda step: 1.0 if step < constant else 0.1


def cosine(total: int) -> Schedule:
    """(1 + cos(pi * step / total)) / 2: 1 at step 0, falling over the whole run."""
    return lambda step: (1 + cos(pi * min(step, total) / total)) / 2
