"""pix2pix: Image-to-Image Translation with Conditional Adversarial Networks (Isola et al. 2017)."""

from typing import NamedTuple

import torch
from torch import Tensor, nn

from img2img.base.adversarial import NON_SATURATING, Adversarial
from img2img.base.diffaugment import Augment, unchanged
from img2img.base.entropy import cross_entropy as class_entropy
from img2img.base.judgement import Judgement, judge, over, shown
from img2img.base.penalties import Penalty
from img2img.base.trainer import Player, Terms, Trainer, every
from img2img.trainers.batches import Pair


class Fake(NamedTuple):
    """y: G(x), (N, Cy, H, W) in [-1, 1]."""

    y: Tensor


class Pix2Pix(Trainer[Pair, Fake]):
    """G* = arg min_G max_D  L_cGAN(G, D) + lambda L_L1(G)   (4)

    D judges pairs: D(x, y) is D on both, channel upon channel. The noise z of the paper is G's
    dropout (section 2.1). What a mask hides of y, nobody sees. Where y shows classes, one plane
    each, `cross_entropy` takes the place of `l1`; a weight of 0 leaves a term out.
    """

    class_weights: Tensor | None

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        *,
        gan: Adversarial = NON_SATURATING,
        penalty: Penalty | None = None,
        augment: Augment = unchanged,
        l1: float = 100.0,
        cross_entropy: float = 0.0,
        class_weights: Tensor | None = None,
        discriminator: float = 0.5,
        critic_steps: int = 1,
    ) -> None:
        super().__init__()
        self.G, self.D = G, D
        self.gan, self.penalty, self.augment = gan, penalty, augment
        self.l1, self.cross_entropy, self.discriminator = l1, cross_entropy, discriminator
        self.register_buffer("class_weights", class_weights, persistent=False)
        self.players = {
            "D": Player((D,), self.discriminator_losses),
            "G": Player((G,), self.generator_losses, generates=True, steps=every(critic_steps)),
        }

    def forward(self, pair: Pair) -> Fake:
        """Translate x."""
        return Fake(self.G(pair.x))

    def judge(self, pair: Pair, y: Tensor) -> Judgement:
        """D(x, y): logits, a patch each."""
        both = torch.cat([pair.x, shown(y, pair.mask)], 1)
        return judge(self.D, *self.augment(both, pair.mask))

    def discriminator_losses(self, pair: Pair, fake: Fake) -> Terms:
        """D's side of L_cGAN, halved to slow D down (section 3.3)."""
        of_fake, of_real = self.judge(pair, fake.y), self.judge(pair, pair.y)
        yield "D", self.discriminator * self.gan.discriminator(of_real, of_fake)  # (1)
        if self.penalty:
            penalty = self.penalty(lambda y: self.judge(pair, y).logits, pair.y, fake.y)
            yield "penalty", self.discriminator * penalty

    def generator_losses(self, pair: Pair, fake: Fake) -> Terms:
        """G's side of L_cGAN, and L_L1."""
        real = self.judge(pair, pair.y) if self.gan.relativistic else None
        yield "GAN", self.gan.generator(self.judge(pair, fake.y), real)  # (1)
        mean = over(pair.mask)
        if self.l1:
            yield "L1", self.l1 * mean((fake.y - pair.y).abs())  # (3)
        if self.cross_entropy:
            entropy = class_entropy(fake.y, pair.y, self.class_weights)
            yield "CE", self.cross_entropy * mean(entropy)
