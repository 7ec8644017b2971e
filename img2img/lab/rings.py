"""The experiments on mixtures of Gaussians: which losses find all modes, and how sharply."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from img2img.lab import plots
from img2img.lab.mixtures import MIXTURES, Coverage
from img2img.lab.playing import Played, extent, play
from img2img.lab.recipes import Recipe
from img2img.lab.report import Report

GOOD = 0.9  # the share of good samples that is aimed at


def compare(
    name: str,
    recipes: Mapping[str, Recipe],
    seeds: Sequence[int],
    *,
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """Play every recipe with every seed on ring8 or grid25; `tell` hears of each run."""
    modes = len(MIXTURES[name].means)
    runs: dict[str, list[Played]] = {}
    for loss, recipe in recipes.items():
        runs[loss] = []
        for seed in seeds:
            run = play(recipe, MIXTURES[name], seed=seed)
            runs[loss].append(run)
            tell(f"{loss}, seed {seed}: {told(run.coverage, modes)}, {run.seconds:.0f} s")
    figures = {
        loss: figures_of([run.coverage for run in played], seeds, modes)
        for loss, played in runs.items()
    }
    columns = ["modes, good", *(f"seed {seed}" for seed in seeds), "s a run", "verdict"]
    rows = [
        [
            loss,
            *(f"{run.coverage.modes}, {run.coverage.good:.1%}" for run in played),
            f"{sum(run.seconds for run in played) / len(played):.0f}",
            figures[loss]["verdict"],
        ]
        for loss, played in runs.items()
    ]
    return Report(figures, columns, rows, lambda: drawn(name, runs, seeds[0]))


def told(found: Coverage, modes: int) -> str:
    """For people."""
    return f"{found.modes}/{modes} modes, {found.good:.1%} good"


def worst(found: Sequence[Coverage]) -> Coverage:
    """The fewest modes and the least share, perhaps of different runs."""
    return Coverage(min(each.modes for each in found), min(each.good for each in found))


def verdict(found: Coverage, modes: int) -> str:
    """Covered, short of that, or collapsed: half of the modes or of the samples are lost."""
    if found.modes == modes and found.good >= GOOD:
        return "covered"
    return "collapsed" if found.modes <= modes / 2 or found.good < 1 / 2 else "short"


def figures_of(found: Sequence[Coverage], seeds: Sequence[int], modes: int) -> dict[str, Any]:
    """The worst run, and each of them by its seed."""
    each = {str(seed): run._asdict() for seed, run in zip(seeds, found, strict=True)}
    least = worst(found)
    return {**least._asdict(), "verdict": verdict(least, modes), "seeds": each}


def drawn(name: str, runs: Mapping[str, Sequence[Played]], seed: int) -> bytes:
    """The first seed's moments, a row for each loss."""
    mixture = MIXTURES[name]
    rows = {
        loss: [
            plots.Cloud(f"step {moment.step:,}", moment.samples, moment.map)
            for moment in played[0].moments
        ]
        for loss, played in runs.items()
    }
    title = f"{name}, seed {seed}: samples of G, and D's map (light: real)"
    return plots.clouds(title, rows, edge=extent(mixture))
