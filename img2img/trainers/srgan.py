"""SRGAN: Photo-Realistic Single Image Super-Resolution Using a GAN (Ledig et al. 2017)."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from img2img.base.adversarial import NON_SATURATING, Adversarial
from img2img.base.diffaugment import Augment, unchanged
from img2img.base.draws import uniform
from img2img.base.judgement import Judgement, judge, over, shown
from img2img.base.penalties import Penalty
from img2img.base.ranges import applied
from img2img.base.trainer import Player, Terms, Trainer, every
from img2img.trainers.batches import Resolutions

STRIDE = 8  # pixels: of VGG's layers up to the fourth block
Difference = Callable[[Tensor, Tensor], Tensor]


class Fake(NamedTuple):
    """high: G(low), the paper's I^SR, (N, C, rH, rW) about [-1, 1]."""

    high: Tensor


class SRGAN(Trainer[Resolutions, Fake]):
    """l^SR = l_X^SR + 10^-3 l_Gen^SR   (3)

    Up to `pretrain_steps` G alone is trained, on the distance of pixels: that is SRResNet, the warm
    start (section 3.2). Then G and D play with optimisers of their own. `features` is the content
    loss l_X of a frozen network, (fake, real) -> scalar; a weight of 0 leaves a term out. What a
    mask hides of a target, nobody sees; TV asks for smooth outputs there too.
    """

    def __init__(
        self,
        G: nn.Module,
        D: nn.Module,
        *,
        pixels: Difference,
        features: Difference | None = None,
        gan: Adversarial = NON_SATURATING,
        penalty: Penalty | None = None,
        augment: Augment = unchanged,
        pixel: float = 0.0,
        perceptual: float = 0.006,
        adversarial: float = 1e-3,
        tv: float = 0.0,
        discriminator: float = 1.0,
        pretrain_steps: int = 0,
        critic_steps: int = 1,
    ) -> None:
        super().__init__()
        self.G, self.D = G, D
        self.pixels, self.features = pixels, features
        self.gan, self.penalty, self.augment = gan, penalty, augment
        self.pixel, self.perceptual, self.adversarial, self.tv = pixel, perceptual, adversarial, tv
        self.discriminator = discriminator
        always, now_and_then = (every(n, first=pretrain_steps) for n in (1, critic_steps))
        self.players = {
            "SRResNet": Player((G,), self.warm_start, generates=True, steps=range(pretrain_steps)),
            "D": Player((D,), self.discriminator_losses, steps=always),
            "G": Player((G,), self.generator_losses, generates=True, steps=now_and_then),
        }

    def forward(self, pictures: Resolutions) -> Fake:
        """Enlarge: I^SR = G(I^LR)."""
        return Fake(applied(self.G, pictures.low))

    def judge(self, pictures: Resolutions, high: Tensor) -> Judgement:
        """D on what is visible of large pictures."""
        return judge(self.D, *self.augment(shown(high, pictures.mask), pictures.mask))

    def judged(self, pictures: Resolutions, high: Tensor) -> Tensor:
        """The logits alone."""
        return self.judge(pictures, high).logits

    def warm_start(self, pictures: Resolutions, fake: Fake) -> Terms:
        """l_MSE^SR, or the mean absolute difference."""
        yield "pixel", over(pictures.mask)(self.pixels(fake.high, pictures.high))  # (4)

    def discriminator_losses(self, pictures: Resolutions, fake: Fake) -> Terms:
        """-log D(I^HR) - log(1 - D(G(I^LR)))."""
        of_fake, of_real = self.judge(pictures, fake.high), self.judge(pictures, pictures.high)
        yield "D", self.discriminator * self.gan.discriminator(of_real, of_fake)  # (2)
        if self.penalty:
            critic = partial(self.judged, pictures)
            penalty = self.penalty(critic, pictures.high, fake.high)
            yield "penalty", self.discriminator * penalty

    def generator_losses(self, pictures: Resolutions, fake: Fake) -> Terms:
        """The perceptual loss: content, and D's verdict."""
        high, mask = pictures.high, pictures.mask
        mean = over(mask)
        if self.pixel:
            yield "pixel", self.pixel * mean(self.pixels(fake.high, high))  # (4)
        if self.features and self.perceptual:
            seen = fake.high if mask is None else high + mask * (fake.high - high)
            yield "content", self.perceptual * self.features(*cropped(seen, high))  # (5)
        real = self.judge(pictures, high) if self.gan.relativistic else None
        yield "GAN", self.adversarial * self.gan.generator(self.judge(pictures, fake.high), real)
        if self.tv:
            yield "TV", self.tv * total_variation(fake.high)


def cropped(*pictures: Tensor) -> list[Tensor]:
    """Without a few pixels at the top and the left, as many as chance says, of all alike.

    A network with strides would else always meet the same phase of G's pixel shuffle, and leave a
    grid of their common period.
    """
    top, left = (int(share * STRIDE) for share in uniform("crop", (2,), torch.device("cpu")))
    return [each[..., top:, left:] for each in pictures]


def total_variation(pictures: Tensor) -> Tensor:
    """The mean absolute difference of neighbours, down and to the right (Rudin et al. 1992)."""
    down, right = pictures.diff(dim=-2), pictures.diff(dim=-1)
    return down.abs().mean() + right.abs().mean()
