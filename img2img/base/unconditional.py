"""min_G max_D  E log D(x) + E log(1 - D(G(z))): pictures from noise (Goodfellow et al. 2014)."""

from typing import Any, NamedTuple

from torch import Tensor, nn

from img2img.base.adversarial import NON_SATURATING, Adversarial
from img2img.base.diffaugment import Augment, unchanged
from img2img.base.draws import normal, step
from img2img.base.fading import faded
from img2img.base.growth import Growth
from img2img.base.judgement import Judgement, judge
from img2img.base.penalties import Penalty
from img2img.base.trainer import Player, Terms, Trainer, every


class Samples(NamedTuple):
    """What G drew."""

    x: Tensor


class Unconditional(Trainer[Any, Samples]):
    """D tells the pictures `batch.x`, (N, C, H, W) in [-1, 1], from G(z), z ~ N(0, 1).

    With a `growth`, G and D are progressive networks at the level of the step, and the pictures
    are shown as they are at it; `batch.x` is of full size throughout.
    """

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        *,
        latent: int,
        gan: Adversarial = NON_SATURATING,
        penalty: Penalty | None = None,
        augment: Augment = unchanged,
        discriminator: float = 1.0,
        critic_steps: int = 1,
        growth: Growth | None = None,
    ) -> None:
        super().__init__()
        self.G, self.D = G, D
        self.latent, self.gan, self.penalty, self.augment = latent, gan, penalty, augment
        self.discriminator, self.growth = discriminator, growth
        self.players = {
            "D": Player((D,), self.discriminator_losses),
            "G": Player((G,), self.generator_losses, generates=True, steps=every(critic_steps)),
        }

    def forward(self, batch: Any) -> Samples:
        """One picture from noise for each real one."""
        x: Tensor = batch.x
        if self.growth:
            networks: tuple[Any, Any] = (self.G, self.D)
            for network in networks:
                network.level = self.growth.level(step())
        return Samples(self.G(normal("z", (len(x), self.latent), x.device).to(x.dtype)))

    def real(self, batch: Any) -> Tensor:
        """The pictures as D sees them at the level of the step."""
        x: Tensor = batch.x
        return faded(x, self.growth.level(step())) if self.growth else x

    def judge(self, x: Tensor) -> Judgement:
        """D on pictures."""
        return judge(self.D, *self.augment(x, None))

    def discriminator_losses(self, batch: Any, fake: Samples) -> Terms:
        """D's half of (1), and its penalty."""
        real = self.real(batch)
        of_real, of_fake = self.judge(real), self.judge(fake.x)
        yield "D", self.discriminator * self.gan.discriminator(of_real, of_fake)
        if self.penalty:
            penalty = self.penalty(lambda x: self.judge(x).logits, real, fake.x)
            yield "penalty", self.discriminator * penalty

    def generator_losses(self, batch: Any, fake: Samples) -> Terms:
        """G's half of (1)."""
        of_real = self.judge(self.real(batch)) if self.gan.relativistic else None
        yield "G", self.gan.generator(self.judge(fake.x), of_real)
