"""Recipe: a loss, what keeps it in check, and how its players descend."""

from typing import Any, NamedTuple

from img2img.base.adversarial import (
    HINGE,
    LEAST_SQUARES,
    NON_SATURATING,
    WASSERSTEIN,
    Adversarial,
)
from img2img.base.penalties import Penalty, gradient_penalty, lipschitz_penalty, r1


class Recipe(NamedTuple):
    """All that the experiments on mixtures vary."""

    gan: Adversarial
    penalty: Penalty | None = None
    spectral: bool = False
    """Spectral norm in D."""
    bound: float | None = None
    """D's weights are clipped to [-bound, bound]."""
    steps: int = 3000
    """Of D; the learning rates fall to 0 in the second half."""
    critic_steps: int = 1
    """D's steps to each of G's."""
    lr: tuple[float, float] = (2e-3, 2e-3)
    """Of G and D, by Adam."""
    betas: tuple[float, float] = (0.5, 0.9)
    batch: int = 128
    latent: int = 2
    width: int = 128
    layers: int = 2
    reach: float = 3.0
    """How far out the modes lie when the game is played: room for the bends of D."""
    gain: float = 1.0
    """D's logits are multiplied by it."""
    average: float = 0.995
    """The decay of G's moving average."""


CRITIC: dict[str, Any] = {"critic_steps": 2, "betas": (0.0, 0.9)}
RECIPES = {
    "non-saturating": Recipe(NON_SATURATING),
    "non-saturating-r1": Recipe(NON_SATURATING, r1(1.0)),
    "least-squares": Recipe(LEAST_SQUARES, latent=8),
    "hinge-sn": Recipe(HINGE, spectral=True, gain=4.0, batch=256),
    # D's biases are clipped too, so all its kinks lie near 0, and there the points must be
    "wgan": Recipe(WASSERSTEIN, bound=0.15, reach=1.0, steps=8000, **CRITIC),
    # 10, as on pictures, holds D's slope at 1 on the modes too, and G does not settle there
    "wgan-gp": Recipe(WASSERSTEIN, gradient_penalty(0.1), steps=5000, **CRITIC),
    "wgan-lp": Recipe(WASSERSTEIN, lipschitz_penalty(10.0), steps=5000, **CRITIC),
}
CONTROL = RECIPES["non-saturating"]._replace(lr=(4e-2, 2e-3))
"""G learns twenty times too fast: what must be found to have collapsed."""
