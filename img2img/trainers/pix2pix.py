"""pix2pix: Image-to-Image Translation with Conditional Adversarial Networks (Isola et al. 2017)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import l1_loss

from img2img.base.adversarial import NON_SATURATING, Adversarial
from img2img.base.penalties import Penalty
from img2img.base.trainer import Player, Terms, Trainer
from img2img.trainers.batches import Pictures


class Fake(NamedTuple):
    """y: G(x), (N, Cy, H, W) in [-1, 1]."""

    y: Tensor


class Pix2Pix(Trainer[Pictures, Fake]):
    """G* = arg min_G max_D  L_cGAN(G, D) + lambda L_L1(G)   (4)

    D judges pairs: D(x, y) is D on both, channel upon channel. The noise z of the paper is G's
    dropout (section 2.1).
    """

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        *,
        gan: Adversarial = NON_SATURATING,
        penalty: Penalty | None = None,
        l1: float = 100.0,
        discriminator: float = 0.5,
        critic_steps: int = 1,
    ) -> None:
        super().__init__()
        self.G, self.D = G, D
        self.gan, self.penalty, self.l1, self.discriminator = gan, penalty, l1, discriminator
        self.players = {
            "D": Player((D,), self.discriminator_losses),
            "G": Player((G,), self.generator_losses, generates=True, every=critic_steps),
        }

    def forward(self, pair: Pictures) -> Fake:
        """Translate x."""
        return Fake(self.G(pair.x))

    def judge(self, x: Tensor, y: Tensor) -> Tensor:
        """D(x, y): logits, a patch each."""
        logits: Tensor = self.D(torch.cat([x, y], 1))
        return logits

    def discriminator_losses(self, pair: Pictures, fake: Fake) -> Terms:
        """D's side of L_cGAN, halved to slow D down (section 3.3)."""
        x = pair.x
        of_fake, of_real = self.judge(x, fake.y), self.judge(x, pair.y)
        yield "D", self.discriminator * self.gan.discriminator(of_real, of_fake)  # (1)
        if self.penalty:
            yield "penalty", self.penalty(lambda y: self.judge(x, y), pair.y, fake.y)

    def generator_losses(self, pair: Pictures, fake: Fake) -> Terms:
        """G's side of L_cGAN, and L_L1."""
        real = self.judge(pair.x, pair.y) if self.gan.relativistic else None
        yield "GAN", self.gan.generator(self.judge(pair.x, fake.y), real)  # (1)
        yield "L1", self.l1 * l1_loss(fake.y, pair.y)  # (3)
