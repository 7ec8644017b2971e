"""Adversarial losses: what D and G minimise, given D's judgement of real and fake pictures.

D returns logits of any shape. Each loss is a mean over them; whether D's is halved is the paper's
choice, not the loss's, and stands in the presets.
"""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor
from torch.nn.functional import mse_loss, relu, softplus


class Adversarial(NamedTuple):
    """A pair of functions on D's judgement."""

    discriminator: Callable[[Tensor, Tensor], Tensor]
    """(D(real), D(fake)) -> loss of D."""
    generator: Callable[[Tensor, Tensor | None], Tensor]
    """(D(fake), D(real)) -> loss of G; D(real) is None unless the loss is relativistic."""
    relativistic: bool = False
    """Whether G's loss looks at D(real) too."""
    threshold: float = 0.0
    """A logit above it says "real"."""


def cross_entropy(real: Tensor, fake: Tensor) -> Tensor:
    """-log D(x) - log(1 - D(G(z))), with D = sigmoid(logit)."""
    return softplus(-real).mean() + softplus(fake).mean()


def to_value(logits: Tensor, value: float) -> Tensor:
    """Mean squared distance to a target."""
    return mse_loss(logits, logits.new_tensor(value).expand_as(logits))


MINIMAX = Adversarial(  # Goodfellow et al. 2014, equation 1: saturates where D is sure
    discriminator=cross_entropy,
    generator=lambda fake, _: -softplus(fake).mean(),  # log(1 - D(G(z)))
)
NON_SATURATING = Adversarial(  # Goodfellow et al. 2014, section 3
    discriminator=cross_entropy,
    generator=lambda fake, _: softplus(-fake).mean(),  # -log D(G(z))
)
LEAST_SQUARES = Adversarial(  # Mao et al. 2017, targets 0 and 1, without its halves, as CycleGAN
    discriminator=lambda real, fake: to_value(real, 1.0) + to_value(fake, 0.0),
    generator=lambda fake, _: to_value(fake, 1.0),
    threshold=0.5,
)
HINGE = Adversarial(  # Lim and Ye 2017; Miyato et al. 2018, equations 16 and 17
    discriminator=lambda real, fake: relu(1 - real).mean() + relu(1 + fake).mean(),
    generator=lambda fake, _: -fake.mean(),
)
WASSERSTEIN = Adversarial(  # Arjovsky et al. 2017, equation 2
    discriminator=lambda real, fake: fake.mean() - real.mean(),
    generator=lambda fake, _: -fake.mean(),
)

ADVERSARIAL = {
    "minimax": MINIMAX,
    "non-saturating": NON_SATURATING,
    "least-squares": LEAST_SQUARES,
    "hinge": HINGE,
    "wasserstein": WASSERSTEIN,
}


def accuracy(gan: Adversarial, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """The shares of real and of fake judgements that D gets right."""
    return (real > gan.threshold).float().mean(), (fake <= gan.threshold).float().mean()
