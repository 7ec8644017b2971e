"""Adversarial losses: what D and G minimise, given D's judgement of real and fake pictures.

D returns logits of any shape. Each loss is a mean over them, the judgement's own, which leaves out
what is hidden; whether D's is halved is the paper's choice, not the loss's, and stands in the
presets.
"""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import relu, softplus

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


def cross_entropy(real: Judgement, fake: Judgement) -> Tensor:
    """-log D(x) - log(1 - D(G(z))), with D = sigmoid(logit)."""
    return real.mean(softplus(-real.logits)) + fake.mean(softplus(fake.logits))


def to_value(judged: Judgement, value: float) -> Tensor:
    """Mean squared distance to a target."""
    return judged.mean((judged.logits - value).square())


MINIMAX = Adversarial(  # Goodfellow et al. 2014, equation 1: saturates where D is sure
    discriminator=cross_entropy,
    generator=lambda fake, _: -fake.mean(softplus(fake.logits)),  # log(1 - D(G(z)))
)
NON_SATURATING = Adversarial(  # Goodfellow et al. 2014, section 3
    discriminator=cross_entropy,
    generator=lambda fake, _: fake.mean(softplus(-fake.logits)),  # -log D(G(z))
)
LEAST_SQUARES = Adversarial(  # Mao et al. 2017, targets 0 and 1, without its halves, as CycleGAN
    discriminator=lambda real, fake: to_value(real, 1.0) + to_value(fake, 0.0),
    generator=lambda fake, _: to_value(fake, 1.0),
    threshold=0.5,
)
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

ADVERSARIAL = {
    "minimax": MINIMAX,
    "non-saturating": NON_SATURATING,
    "least-squares": LEAST_SQUARES,
    "hinge": HINGE,
    "wasserstein": WASSERSTEIN,
}


def accuracy(threshold: float, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """The shares of real and of fake logits that D gets right."""
    return (real > threshold).float().mean(), (fake <= threshold).float().mean()
