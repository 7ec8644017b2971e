"""min_G max_D  E log D(x) + E log(1 - D(G(z))): pictures from noise (Goodfellow et al. 2014)."""

from typing import Any, NamedTuple

from torch import Tensor, nn

from img2img.base.adversarial import NON_SATURATING, Adversarial
from img2img.base.diffaugment import Augment, unchanged
from img2img.base.draws import normal
from img2img.base.judgement import Judgement, judge
from img2img.base.penalties import Penalty
from img2img.base.trainer import Player, Terms, Trainer, every


class Samples(NamedTuple):
    """What G drew."""

    x: Tensor


class Unconditional(Trainer[Any, Samples]):
    """D tells the pictures `batch.x`, (N, C, H, W) in [-1, 1], from G(z), z ~ N(0, 1)."""

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
    ) -> None:
        super().__init__()
        self.G, self.D = G, D
        self.latent, self.gan, self.penalty, self.augment = latent, gan, penalty, augment
        self.discriminator = discriminator
        self.players = {
            "D": Player((D,), self.discriminator_losses),
            "G": Player((G,), self.generator_losses, generates=True, steps=every(critic_steps)),
        }

    def forward(self, batch: Any) -> Samples:
        """One picture from noise for each real one."""
        x: Tensor = batch.x
        return Samples(self.G(normal("z", (len(x), self.latent), x.device).to(x.dtype)))

    def judge(self, x: Tensor) -> Judgement:
        """D on pictures."""
        return judge(self.D, *self.augment(x, None))

    def discriminator_losses(self, real: Any, fake: Samples) -> Terms:
        """D's half of (1), and its penalty."""
        of_real, of_fake = self.judge(real.x), self.judge(fake.x)
        yield "D", self.discriminator * self.gan.discriminator(of_real, of_fake)
        if self.penalty:
            yield "penalty", self.penalty(lambda x: self.judge(x).logits, real.x, fake.x)

    def generator_losses(self, real: Any, fake: Samples) -> Terms:
        """G's half of (1)."""
        of_real = self.judge(real.x) if self.gan.relativistic else None
        yield "G", self.gan.generator(self.judge(fake.x), of_real)
