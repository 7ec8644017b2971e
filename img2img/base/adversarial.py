"""Adversarial losses: what D and G minimise, given D's judgement of real and fake pictures.

D returns logits of any shape. Each loss is a mean over them, the judgement's own, which leaves out
what is hidden; whether D's is halved is the paper's choice, not the loss's, and stands in the
presets.
"""

from collections.abc import Callable
from math import log
from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import relu, softplus

from img2img.base.divergences import DIVERGENCES, Divergence
from img2img.base.energy import likeness
from img2img.base.judgement import Judgement


class Adversarial(NamedTuple):
    """A pair of functions on D's judgement."""

    discriminator: Callable[[Judgement, Judgement], Tensor]
    """(D(real), D(fake)) -> loss of D."""
    generator: Callable[[Judgement, Judgement | None], Tensor]
    """(D(fake), D(real)) -> loss of G; D(real) is None unless the loss is relativistic."""
    relativistic: bool = False
    """Whether G's loss looks at D(real) too."""
    threshold: float | None = 0.0
    """A logit above it says "real"; None: only differences of logits have a meaning."""
    softened: Callable[[float], "Adversarial"] | None = None
    """The same with D's target for real pictures moved by so much of the way to that for fakes;
    None of losses that have no targets."""


def cross_entropy(real: Judgement, fake: Judgement) -> Tensor:
    """-log D(x) - log(1 - D(G(z))), with D = sigmoid(logit)."""
    return real.mean(softplus(-real.logits)) + fake.mean(softplus(fake.logits))


def logistic(generator: Callable[[Judgement, Judgement | None], Tensor]) -> Adversarial:
    """Cross-entropy for D; softened by s: -(1 - s) log D(x) - s log(1 - D(x)) on real pictures."""

    def softened(s: float) -> Adversarial:
        return Adversarial(
            lambda real, fake: cross_entropy(real, fake) + s * real.mean(real.logits),
            generator,
            threshold=log((1 - s) / (1 + s)),  # D* = (1 - s) p / (p + q) where p = q
        )

    return Adversarial(cross_entropy, generator, softened=softened)


def to_value(judged: Judgement, value: float) -> Tensor:
    """Mean squared distance to a target."""
    return judged.mean((judged.logits - value).square())


def least_squares(a: float, b: float, c: float) -> Adversarial:
    """D: E (D(x) - b)^2 + E (D(G(z)) - a)^2, G: E (D(G(z)) - c)^2.

    Mao et al. 2017, equation 2, without its halves.
    """
    return Adversarial(
        discriminator=lambda real, fake: to_value(real, b) + to_value(fake, a),
        generator=lambda fake, _: to_value(fake, c),
        threshold=(a + b) / 2,
        softened=lambda s: least_squares(a, b - s * (b - a), c),
    )


def relative(more: Judgement, less: Judgement | None) -> Tensor:
    """-log sigmoid(C(more) - E C(less)) - log(1 - sigmoid(C(less) - E C(more)))."""
    assert less is not None  # the loss says that it is relativistic
    above = more.logits - less.average(less.logits)
    below = less.logits - more.average(more.logits)
    return more.mean(softplus(-above)) + less.mean(softplus(below))


def energy_based(margin: float = 0.18, pull_away: float = 0.1) -> Adversarial:
    """D: E(x) + [m - E(G(z))]_+, G: E(G(z)) + pull_away * f_PT, with E = -logit (Zhao et al. 2017).

    Sections 2.1 and 2.4. The paper's m is 20 for CelebA, of |Dec(Enc(x)) - x| over 3 * 64 * 64
    values: 0.18 of their root mean square.

    Raises:
        ValueError: G's loss, of a D that gives no codes to pull away, as soon as it is asked.
    """

    def generator(fake: Judgement, _: Judgement | None) -> Tensor:
        energy = fake.mean(-fake.logits)
        if not pull_away:
            return energy
        if fake.features is None:
            raise ValueError("the pull-away term is of D's codes: let D be an autoencoder")
        return energy + pull_away * likeness(fake.features)

    return Adversarial(
        discriminator=lambda real, fake: (
            real.mean(-real.logits) + fake.mean(relu(margin + fake.logits))
        ),
        generator=generator,
        threshold=-margin / 2,
    )


def variational(divergence: Divergence) -> Adversarial:
    """D: -(E T(x) - E f*(T(G(z)))), G: -E f*(T(G(z))), T = g_f(logit).

    Nowozin et al. 2016, equations 4 and 6.
    """
    activation, conjugate, threshold = divergence
    return Adversarial(
        discriminator=lambda real, fake: (
            fake.mean(conjugate(fake.logits)) - real.mean(activation(real.logits))
        ),
        generator=lambda fake, _: -fake.mean(conjugate(fake.logits)),
        threshold=threshold,
    )


MINIMAX = logistic(  # Goodfellow et al. 2014, equation 1: saturates where D is sure
    lambda fake, _: -fake.mean(softplus(fake.logits))  # log(1 - D(G(z)))
)
NON_SATURATING = logistic(  # Goodfellow et al. 2014, section 3
    lambda fake, _: fake.mean(softplus(-fake.logits))  # -log D(G(z))
)
LEAST_SQUARES = least_squares(a=0, b=1, c=1)  # Mao et al. 2017, equation 9, as CycleGAN
LEAST_SQUARES_SIGNED = least_squares(a=-1, b=1, c=0)  # equation 8: Pearson's chi^2
HINGE = Adversarial(  # Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17
    discriminator=lambda real, fake: (
        real.mean(relu(1 - real.logits)) + fake.mean(relu(1 + fake.logits))
    ),
    generator=lambda fake, _: -fake.mean(fake.logits),
)
WASSERSTEIN = Adversarial(  # Arjovsky et al. 2017, equation 2
    discriminator=lambda real, fake: fake.mean(fake.logits) - real.mean(real.logits),
    generator=lambda fake, _: -fake.mean(fake.logits),
    threshold=None,
)
RELATIVISTIC = Adversarial(  # average, RaSGAN: Jolicoeur-Martineau 2019; Wang et al. 2018
    discriminator=relative,
    generator=relative,
    relativistic=True,
    threshold=None,
)
ENERGY_BASED = energy_based()

ADVERSARIAL = {
    "minimax": MINIMAX,
    "non-saturating": NON_SATURATING,
    "least-squares": LEAST_SQUARES,
    "least-squares-signed": LEAST_SQUARES_SIGNED,
    "hinge": HINGE,
    "wasserstein": WASSERSTEIN,
    "relativistic": RELATIVISTIC,
    "energy-based": ENERGY_BASED,
    **{name: variational(divergence) for name, divergence in DIVERGENCES.items()},
}


def smoothed(gan: Adversarial, smoothing: float) -> Adversarial:
    """One-sided label smoothing: D is asked for 1 - smoothing of real pictures, not for 1.

    Salimans et al. 2016, section 3.4. G's loss is as it was; of 0, everything.

    Raises:
        ValueError: the loss has no targets, or the smoothing lies outside [0, 1).
    """
    if not 0 <= smoothing < 1:
        raise ValueError(f"label smoothing is from 0 up to, but not, 1, not {smoothing:g}")
    if not smoothing:
        return gan
    if gan.softened is None:
        names = ", ".join(name for name, known in ADVERSARIAL.items() if known.softened)
        raise ValueError(
            f"label smoothing of {smoothing:g} needs a loss with labels; choose from {names}"
        )
    return gan.softened(smoothing)


def accuracy(threshold: float, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """The shares of real and of fake logits that D gets right."""
    return (real > threshold).float().mean(), (fake <= threshold).float().mean()
