"""CycleGAN: Unpaired Image-to-Image Translation ... (Zhu et al. 2017)."""

from functools import partial
from typing import NamedTuple

import torch
from torch import Tensor, nn

from img2img.base.adversarial import LEAST_SQUARES, Adversarial
from img2img.base.diffaugment import Augment, unchanged
from img2img.base.judgement import Judgement, joint, judge, over, shown
from img2img.base.penalties import Penalty
from img2img.base.pool import ImagePool
from img2img.base.trainer import Player, Terms, Trainer, every
from img2img.trainers.batches import Domains


class Fakes(NamedTuple):
    """x: F(y), (N, Cx, H, W), and y: G(x), (N, Cy, H, W), in [-1, 1]."""

    x: Tensor
    y: Tensor


class CycleGAN(Trainer[Domains, Fakes]):
    """G*, F* = arg min_G,F max_D_X,D_Y  L_GAN(G, D_Y) + L_GAN(F, D_X) + lambda L_cyc(G, F)   (4)

    G: X -> Y, F: Y -> X. The identity term is section 5.2's, used there for paintings. A picture's
    mask goes with its translation.
    """

    def __init__(
        self,
        G: nn.Module,
        F: nn.Module,
        D_X: nn.Module,
        D_Y: nn.Module,
        *,
        gan: Adversarial = LEAST_SQUARES,
        penalty: Penalty | None = None,
        augment: Augment = unchanged,
        cycle: float = 10.0,
        identity: float = 5.0,
        discriminator: float = 0.5,
        pool: int = 50,
        critic_steps: int = 1,
    ) -> None:
        super().__init__()
        self.G, self.F, self.D_X, self.D_Y = G, F, D_X, D_Y
        self.gan, self.penalty, self.augment = gan, penalty, augment
        self.cycle, self.identity, self.discriminator = cycle, identity, discriminator
        self.pool_x, self.pool_y = ImagePool(pool), ImagePool(pool)
        self.players = {
            "G": Player((G, F), self.generator_losses, generates=True, steps=every(critic_steps)),
            "D": Player((D_X, D_Y), self.discriminator_losses),
        }

    def forward(self, real: Domains) -> Fakes:
        """Translate both ways."""
        return Fakes(x=self.F(real.y), y=self.G(real.x))

    def judge(self, D: nn.Module, pictures: Tensor, mask: Tensor | None) -> Judgement:
        """D on what is visible of pictures: logits, a patch each."""
        seen, mask = self.augment(shown(pictures, mask), mask)
        return judge(D, shown(seen, mask), mask)

    def judged(self, D: nn.Module, mask: Tensor | None, pictures: Tensor) -> Tensor:
        """The logits alone."""
        return self.judge(D, pictures, mask).logits

    def generator_losses(self, real: Domains, fake: Fakes) -> Terms:
        """What G and F minimise."""
        mask_x, mask_y = real.mask_x, real.mask_y
        both = joint(mask_x, mask_y)  # holes in one domain alone would give the fakes away
        x = self.judge(self.D_X, real.x, both) if self.gan.relativistic else None
        y = self.judge(self.D_Y, real.y, both) if self.gan.relativistic else None
        yield "GAN_G", self.gan.generator(self.judge(self.D_Y, fake.y, both), y)  # (1)
        yield "GAN_F", self.gan.generator(self.judge(self.D_X, fake.x, both), x)  # (1)
        yield "cycle_x", self.cycle * over(mask_x)((self.F(fake.y) - real.x).abs())  # (2)
        yield "cycle_y", self.cycle * over(mask_y)((self.G(fake.x) - real.y).abs())  # (2)
        if self.identity:  # section 5.2
            yield "identity_y", self.identity * over(mask_y)((self.G(real.y) - real.y).abs())
            yield "identity_x", self.identity * over(mask_x)((self.F(real.x) - real.x).abs())

    def discriminator_losses(self, real: Domains, fake: Fakes) -> Terms:
        """D_X's and D_Y's sides of (1), on a history of fakes (section 4)."""
        for name, D, x, mask, fakes, mask_of_fakes in (
            ("D_Y", self.D_Y, real.y, real.mask_y, *pooled(self.pool_y, fake.y, real.mask_x)),
            ("D_X", self.D_X, real.x, real.mask_x, *pooled(self.pool_x, fake.x, real.mask_y)),
        ):
            both = joint(mask, mask_of_fakes)
            of_real, of_fakes = self.judge(D, x, both), self.judge(D, fakes, both)
            yield name, self.discriminator * self.gan.discriminator(of_real, of_fakes)  # (1)
            if self.penalty:
                critic = partial(self.judged, D, both)
                yield f"penalty_{name}", self.discriminator * self.penalty(critic, x, fakes)


def pooled(pool: ImagePool, fakes: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor | None]:
    """The pool's choice; each fake keeps its own mask, which travels as its last channel."""
    if mask is None:
        return pool(fakes), None
    both = pool(torch.cat([fakes, mask], 1))
    return both[:, :-1], both[:, -1:]
