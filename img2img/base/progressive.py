"""Progressive growing: one pair of networks that draw and judge ever larger pictures.

Karras et al. 2018, table 2. All layers stand from the beginning; `level` says how far they have
grown: 0 draws 4x4, 1 8x8, 2 16x16, ...; between two whole numbers the next resolution fades in
(figure 2). A layer beyond the level takes no part, and has no gradient.
"""

from itertools import pairwise
from math import ceil

from torch import Tensor, nn

from img2img.base.equalised import Conv, Linear, PixelNorm
from img2img.base.fading import doubled, halved
from img2img.base.growth import levels, side
from img2img.base.variation import MinibatchDeviation


def widths(channels: int, size: int) -> list[int]:
    """Planes at 4, 8, 16, ... pixels: `channels` up to 32, then halved at every doubling."""
    return [max(1, min(channels, 8 * channels >> level)) for level in range(levels(size) + 1)]


def grown(level: float | None, size: int) -> float:
    """The level to begin with, all that there is unless given.

    Raises:
        ValueError: the networks have no such level.
    """
    most = levels(size)
    if level is None:
        return float(most)
    if not 0 <= level <= most:
        raise ValueError(f"networks of {size} pixels have levels from 0 to {most}, not {level}")
    return level


class Generator(nn.Module):
    """z: (N, latent), of any length, to pictures (N, out_channels, s, s), s = 4 * 2^ceil(level).

    Meant for [-1, 1], and not held to it: the last layer is linear.
    """

    output_range = (-1.0, 1.0)

    def __init__(
        self,
        *,
        latent: int = 512,
        out_channels: int = 3,
        channels: int = 512,
        size: int = 1024,
        level: float | None = None,
    ) -> None:
        super().__init__()
        self.latent, self.size, self.level = latent, size, grown(level, size)
        planes = widths(channels, size)
        # z, of 1x1, to 4x4; a pixel norm follows there too in the authors' code
        first = [PixelNorm(), Conv(latent, planes[0], 4, padding=3), *activation()]
        first += [Conv(planes[0], planes[0], 3, padding=1), *activation()]
        self.blocks = nn.ModuleList([nn.Sequential(*first)])
        for inputs, outputs in pairwise(planes):
            block = [
                nn.Upsample(scale_factor=2),
                Conv(inputs, outputs, 3, padding=1),
                *activation(),
            ]
            block += [Conv(outputs, outputs, 3, padding=1), *activation()]
            self.blocks.append(nn.Sequential(*block))
        self.to_rgb = nn.ModuleList(Conv(width, out_channels, 1, gain=1) for width in planes)

    def forward(self, z: Tensor) -> Tensor:
        """A picture for each row of z."""
        top = ceil(self.level)
        below = z[:, :, None, None]
        for block in self.blocks[:top]:
            below = block(below)
        picture: Tensor = self.to_rgb[top](self.blocks[top](below))
        if self.level < top:
            old = doubled(self.to_rgb[top - 1](below))
            picture = old.lerp(picture, self.level - top + 1)
        return picture


class Discriminator(nn.Module):
    """image: (N, in_channels, s, s) in [-1, 1], s = 4 * 2^ceil(level), to one logit each, (N, 1).

    It sees how much the pictures of a batch differ: a logit depends on its neighbours too.
    """

    input_range = (-1.0, 1.0)

    def __init__(
        self,
        *,
        in_channels: int = 3,
        channels: int = 512,
        size: int = 1024,
        level: float | None = None,
    ) -> None:
        super().__init__()
        self.size, self.level = size, grown(level, size)
        planes = widths(channels, size)
        last = [MinibatchDeviation(), Conv(planes[0] + 1, planes[0], 3, padding=1), leaky()]
        last += [Conv(planes[0], planes[0], 4), leaky()]
        last += [nn.Flatten(), Linear(planes[0], 1, gain=1)]
        self.blocks = nn.ModuleList([nn.Sequential(*last)])
        for outputs, inputs in pairwise(planes):
            block = [Conv(inputs, inputs, 3, padding=1), leaky()]
            block += [Conv(inputs, outputs, 3, padding=1), leaky(), nn.AvgPool2d(2)]
            self.blocks.append(nn.Sequential(*block))
        self.from_rgb = nn.ModuleList(
            nn.Sequential(Conv(in_channels, width, 1), leaky()) for width in planes
        )

    def forward(self, image: Tensor) -> Tensor:
        """One logit for each picture.

        Raises:
            ValueError: the pictures are not of the level's size.
        """
        height, width = image.shape[-2:]
        if not height == width == side(self.level):
            raise ValueError(
                f"a discriminator at level {self.level:g} judges squares of {side(self.level)}"
                f" pixels, not {width}x{height}"
            )
        top = ceil(self.level)
        x: Tensor = self.blocks[top](self.from_rgb[top](image))
        if self.level < top:
            x = self.from_rgb[top - 1](halved(image)).lerp(x, self.level - top + 1)
        for below in reversed(self.blocks[:top]):
            x = below(x)
        return x


def leaky() -> nn.Module:
    """As everywhere in both networks."""
    return nn.LeakyReLU(0.2)


def activation() -> list[nn.Module]:
    """After each of G's convolutions."""
    return [leaky(), PixelNorm()]
