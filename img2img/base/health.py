"""Health: from where on a figure says that a training is ill, and what to do then.

A figure is called like its sign, or with its network before it: `D_X_certainty`, `G_diversity`.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple


class Sign(NamedTuple):
    """What a figure of `base/metrics/symptoms.py` or `checkerboard.py` means."""

    threshold: float
    ill: Literal["above", "below"]
    """On which side of the threshold a training is ill."""
    advice: str
    """What is wrong, and what to do."""
    looks: int = 1
    """How many looks in a row must be ill: one batch tells little of a discriminator."""


SIGNS: dict[str, Sign] = {
    "saturation": Sign(
        0.9, "above",
        "D's logits have left the range where its slope helps G; lower "
        "--optimization.discriminator-lr, or choose --penalty r1 or --adversarial least-squares",
        looks=10,
    ),
    "certainty": Sign(
        0.98, "above",
        "D tells every fake, so that G learns little; lower --optimization.discriminator-lr, "
        "choose --penalty r1, or give more pictures or --data.turns",
        looks=10,
    ),
    "blindness": Sign(
        0.95, "above",
        "D says the same of real and fake, so that G learns nothing; raise "
        "--optimization.discriminator-lr, or choose --adversarial least-squares or --penalty none",
        looks=10,
    ),
    "diversity": Sign(
        0.3, "below",
        "outputs look alike whatever the input; raise --weights.l1 (pairs) or --weights.cycle, "
        "lower --optimization.lr, or choose --penalty r1",
        looks=2,
    ),
    "inversion": Sign(
        -0.5, "below",
        "dark and bright have changed places; unless the domains are rightly each other's "
        "negative, raise --weights.l1 (pairs) or --weights.identity, or choose another --seed",
        looks=2,
    ),
    "drift": Sign(
        0.2, "above",
        "the outputs' mean colour is not the target's; raise --weights.l1 (pairs) or "
        "--weights.identity, and see whether val shows what train shows",
        looks=2,
    ),
    "checkerboard": Sign(
        0.02, "above",
        "a grid lies over the outputs; choose --generator.upsampling nearest in a new run",
        looks=2,
    ),
}  # fmt: skip


def ill(name: str, value: float) -> bool:
    """Whether the figure is beyond its sign's threshold; never if it is nan or has no sign."""
    sign = _sign(name)
    if sign is None:
        return False
    return value > sign.threshold if sign.ill == "above" else value < sign.threshold


def warnings(figures: Mapping[str, float]) -> list[str]:
    """A sentence for each figure that is ill; figures without a sign may be among them."""
    return [
        f"{name} {value:.3g} is {sign.ill} {sign.threshold:g}: {sign.advice}"
        for name, value in figures.items()
        if ill(name, value) and (sign := _sign(name))
    ]


class Trend(NamedTuple):
    """For how many looks in a row each figure has been ill.

    `trend = trend.after(figures)` at each look, then `warnings(trend.due(figures))`. It need not be
    saved: a resumed run begins with a new one, and may warn again, or some looks later.
    """

    counts: Mapping[str, int] = MappingProxyType({})

    def after(self, figures: Mapping[str, float]) -> "Trend":
        """With these figures looked at; others keep their counts."""
        seen = {
            name: self.counts.get(name, 0) + 1 if ill(name, value) else 0
            for name, value in figures.items()
        }
        return Trend({**self.counts, **seen})

    def due(self, figures: Mapping[str, float]) -> dict[str, float]:
        """Those that have now been ill for as long as their sign asks: each illness is due once."""
        return {
            name: value
            for name, value in figures.items()
            if (sign := _sign(name)) and self.counts.get(name) == sign.looks
        }


def _sign(name: str) -> Sign | None:
    return SIGNS.get(name.rpartition("_")[2])
