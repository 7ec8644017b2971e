"""CycleGAN: Unpaired Image-to-Image Translation ... (Zhu et al. 2017)."""

from typing import NamedTuple

from torch import Tensor, nn
from torch.nn.functional import l1_loss

from img2img.base.adversarial import LEAST_SQUARES, Adversarial
from img2img.base.penalties import Penalty
from img2img.base.pool import ImagePool
from img2img.base.trainer import Player, Terms, Trainer
from img2img.trainers.batches import Pictures


class Fakes(NamedTuple):
    """x: F(y), (N, Cx, H, W), and y: G(x), (N, Cy, H, W), in [-1, 1]."""

    x: Tensor
    y: Tensor


class CycleGAN(Trainer[Pictures, Fakes]):
    """G*, F* = arg min_G,F max_D_X,D_Y  L_GAN(G, D_Y) + L_GAN(F, D_X) + lambda L_cyc(G, F)   (4)

    G: X -> Y, F: Y -> X. The identity term is section 5.2's, used there for paintings.
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
        cycle: float = 10.0,
        identity: float = 5.0,
        discriminator: float = 0.5,
        pool: int = 50,
        critic_steps: int = 1,
    ) -> None:
        super().__init__()
        self.G, self.F, self.D_X, self.D_Y = G, F, D_X, D_Y
        self.gan, self.penalty = gan, penalty
        self.cycle, self.identity, self.discriminator = cycle, identity, discriminator
        self.pool_x, self.pool_y = ImagePool(pool), ImagePool(pool)
        self.players = {
            "G": Player((G, F), self.generator_losses, generates=True, every=critic_steps),
            "D": Player((D_X, D_Y), self.discriminator_losses),
        }

    def forward(self, real: Pictures) -> Fakes:
        """Translate both ways."""
        return Fakes(x=self.F(real.y), y=self.G(real.x))

    def generator_losses(self, real: Pictures, fake: Fakes) -> Terms:
        """What G and F minimise."""
        x, y = (self.D_X(real.x), self.D_Y(real.y)) if self.gan.relativistic else (None, None)
        yield "GAN_G", self.gan.generator(self.D_Y(fake.y), y)  # (1)
        yield "GAN_F", self.gan.generator(self.D_X(fake.x), x)  # (1)
        yield "cycle_x", self.cycle * l1_loss(self.F(fake.y), real.x)  # (2)
        yield "cycle_y", self.cycle * l1_loss(self.G(fake.x), real.y)  # (2)
        if self.identity:  # section 5.2
            yield "identity_y", self.identity * l1_loss(self.G(real.y), real.y)
            yield "identity_x", self.identity * l1_loss(self.F(real.x), real.x)

    def discriminator_losses(self, real: Pictures, fake: Fakes) -> Terms:
        """D_X's and D_Y's sides of (1), on a history of fakes (section 4)."""
        for name, D, x, fakes in (
            ("D_Y", self.D_Y, real.y, self.pool_y(fake.y)),
            ("D_X", self.D_X, real.x, self.pool_x(fake.x)),
        ):
            yield name, self.discriminator * self.gan.discriminator(D(x), D(fakes))  # (1)
            if self.penalty:
                yield f"penalty_{name}", self.penalty(D, x, fakes)
