"""The experiments with closed forms: bilinear, dirac, optimal-discriminator."""

from math import hypot, log

import torch
from torch import Tensor, nn

from img2img.lab import bilinear, dirac, optimum, plots
from img2img.lab.report import Report


def bilinear_game() -> Report:
    """The distance from the solution after 1,000 iterations, by method."""
    found = {name: bilinear.path(method) for name, method in bilinear.METHODS.items()}
    figures = {name: bilinear.distance(places) for name, places in found.items()}
    rows = [[name, f"{figure:.10g}"] for name, figure in figures.items()]
    title = "min_x max_y x y from (1, 1), step 0.1, 1,000 iterations"
    return Report(
        figures,
        ["method", "distance from (0, 0)"],
        rows,
        lambda: plots.paths(title, found, ("x", "y"), edge=2.2),
    )


def dirac_gan() -> Report:
    """The distance from the solution at the end, and the least of the second half."""
    found = {name: dirac.path(rules) for name, rules in dirac.RULES.items()}
    figures = {}
    for name, places in found.items():
        radii = [hypot(*place) for place in places]
        figures[name] = {"distance": radii[-1], "nearest": min(radii[len(radii) // 2 :])}
    rows = [[name, *(f"{value:.4g}" for value in each.values())] for name, each in figures.items()]
    title = "Dirac-GAN: G at theta, D(x) = psi x, real samples at 0; 1,000 steps of 0.1 by turns"
    return Report(
        figures,
        ["loss", "distance from (0, 0)", "least in the second half"],
        rows,
        lambda: plots.paths(title, found, ("theta", "psi"), edge=2.2),
    )


def optimal_discriminator() -> Report:
    """The value of the judge that was learnt, of the best, and how far they are apart."""
    judges = {name: optimum.learn(pair) for name, pair in optimum.PAIRS.items()}
    figures = {name: judged(optimum.PAIRS[name], D) for name, D in judges.items()}
    rows = [
        [name, *(f"{each[key]:.6f}" for key in ("value", "optimum", "jsd", "error"))]
        for name, each in figures.items()
    ]
    curves = {name: seen(optimum.PAIRS[name], D) for name, D in judges.items()}
    title = "D learns p / (p + q); its value, -log 4 + 2 JSD"
    return Report(
        figures,
        ["pair", "V(D)", "V(D*)", "JSD in nats", "mean |D - D*|"],
        rows,
        lambda: plots.judges(title, curves),
    )


def judged(pair: optimum.Pair, D: nn.Module) -> dict[str, float]:
    """The figures of a D; of a line its numbers too."""

    def learnt(x: Tensor) -> Tensor:
        return optimum.logits(D, x)

    figures = {
        "value": optimum.value(pair, learnt),
        "optimum": 2 * optimum.divergence(pair) - log(4),
        "jsd": optimum.divergence(pair),
        "error": optimum.error(pair, learnt),
    }
    if isinstance(D, nn.Linear):
        figures |= {"weight": D.weight.item(), "bias": D.bias.item()}
    return figures


def seen(pair: optimum.Pair, D: nn.Module) -> plots.Curves:
    """Both densities and both judges, to be drawn."""
    x = torch.linspace(-4, 5, 400, dtype=torch.float64)
    best, judge = optimum.best(pair, x).sigmoid(), optimum.logits(D, x).sigmoid()
    return plots.Curves(x, *pair.densities(x), best, judge)
