"""lab: the small experiments on which the theory of the games rests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch

from img2img import files
from img2img.base.adversarial import ADVERSARIAL, ENERGY_BASED
from img2img.base.penalties import PENALTIES
from img2img.config import UsageError
from img2img.judging import strict_json
from img2img.lab import rings, theory
from img2img.lab.mixtures import MIXTURES
from img2img.lab.recipes import CONTROL, RECIPES, Recipe
from img2img.lab.report import Report

THEORY: dict[str, Callable[[], Report]] = {
    "bilinear": theory.bilinear_game,
    "dirac": theory.dirac_gan,
    "optimal-discriminator": theory.optimal_discriminator,
}
EXPERIMENTS = (*MIXTURES, *THEORY)
LOSS = "non-saturating"


def run(
    name: str,
    *,
    out: Path | str | None = None,
    json: Path | str | None = None,
    losses: Sequence[str] = (),
    penalty: str | None = None,
    seeds: Sequence[int] = (),
    steps: int | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Make an experiment: ring8, grid25, optimal-discriminator, bilinear or dirac.

    Losses (non-saturating unless given; `all` is every recipe), penalty, seeds (0 unless given) and
    steps of D are for the mixtures, ring8 and grid25, alone. The picture goes to OUT/NAME.png and
    the figures, as {NAME: figures}, to `json`, where these are given.

    Raises:
        UsageError: there is no such experiment, loss or penalty, or an option has no effect on it.
    """
    if name not in EXPERIMENTS:
        raise UsageError(f"unknown experiment {name!r}; choose from {', '.join(EXPERIMENTS)}")
    given = {"loss": losses, "penalty": penalty, "seeds": seeds, "steps": steps}
    idle = [option for option, value in given.items() if value not in (None, (), [])]
    if name in THEORY and idle:
        raise UsageError(f"--{idle[0]} has no effect on {name}; leave it out")
    picture = None if out is None else Path(out) / f"{name}.png"
    for path in (picture, None if json is None else Path(json)):
        if path is not None and (path.is_dir() or path.parent.is_file()):
            raise UsageError(f"{path} is in the way of a folder or a file; name another")
    with one_thread():
        if name in THEORY:
            report = THEORY[name]()
        else:
            chosen = recipes(losses or [LOSS], penalty, steps)
            report = rings.compare(name, chosen, [*seeds] or [0], tell=tell)
    if picture is not None:
        files.write(picture, report.draw())
    if json is not None:
        files.write(Path(json), strict_json({name: report.figures}).encode())
    return report


@contextmanager
def one_thread() -> Iterator[None]:
    """Small matrices are slower on more, and the figures would depend on their number."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def recipes(losses: Sequence[str], penalty: str | None, steps: int | None) -> Mapping[str, Recipe]:
    """By name: those of the table, or any loss of the core with a penalty or none.

    Raises:
        UsageError: a loss or a penalty is unknown, or there is no step.
    """
    if penalty is not None and penalty not in PENALTIES:
        raise UsageError(f"unknown penalty {penalty!r}; choose from {', '.join(PENALTIES)}")
    if steps is not None and steps < 1:
        raise UsageError(f"--steps {steps} is no run; give at least 1")
    judged = {name: Recipe(gan) for name, gan in ADVERSARIAL.items() if gan is not ENERGY_BASED}
    known = judged | RECIPES  # points have no autoencoder
    known["control"] = CONTROL
    found = {}
    for name in [each for loss in losses for each in (RECIPES if loss == "all" else [loss])]:
        if name not in known:
            raise UsageError(f"unknown loss {name!r}; choose from all, {', '.join(known)}")
        recipe = known[name]
        if penalty is not None:
            recipe, name = recipe._replace(penalty=PENALTIES[penalty]()), f"{name}+{penalty}"
        found[name] = recipe if steps is None else recipe._replace(steps=steps)
    return found
