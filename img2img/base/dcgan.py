"""DCGAN: strided convolutions only, batch norm, no hidden dense layer (Radford et al. 2016)."""

from itertools import pairwise

from torch import Tensor, nn

from img2img.base.growth import levels
from img2img.base.norms import norm as normalisation
from img2img.base.norms import use_image_statistics


def doublings(size: int) -> int:
    """How often 4 pixels are doubled to reach `size`.

    Raises:
        ValueError: the size is not a power of two of at least 8.
    """
    if size < 8 or size & (size - 1):
        raise ValueError(f"a DCGAN draws squares of 8, 16, 32, 64, ... pixels, not {size}")
    return levels(size)


class Generator(nn.Module):
    """z: (N, latent) ~ N(0, 1) or U(-1, 1) to a picture (N, out_channels, size, size) in [-1, 1].

    4x4 with channels * size / 8 planes, then halved planes and doubled sides (figure 1).
    """

    output_range = (-1.0, 1.0)

    def __init__(
        self,
        *,
        latent: int = 100,
        out_channels: int = 3,
        channels: int = 64,
        size: int = 64,
        norm: str = "batch",
    ) -> None:
        super().__init__()
        self.latent, self.size = latent, size
        widths = [channels * 2**level for level in range(doublings(size) - 1, -1, -1)]
        bias = norm != "batch"
        stack: list[nn.Module] = [
            nn.ConvTranspose2d(latent, widths[0], 4, bias=bias),
            normalisation(norm, widths[0]),
            nn.ReLU(),
        ]
        for inputs, outputs in pairwise(widths):
            stack += [
                nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=bias),
                normalisation(norm, outputs),
                nn.ReLU(),
            ]
        last = nn.ConvTranspose2d(widths[-1], out_channels, 4, stride=2, padding=1)
        self.layers = nn.Sequential(*stack, last, nn.Tanh())
        use_image_statistics(self, False)

    def forward(self, z: Tensor) -> Tensor:
        """A picture for each row of z."""
        picture: Tensor = self.layers(z[:, :, None, None])
        return picture


class Discriminator(nn.Module):
    """image: (N, in_channels, size, size) in [-1, 1] to one logit each, (N, 1, 1, 1)."""

    input_range = (-1.0, 1.0)

    def __init__(
        self, *, in_channels: int = 3, channels: int = 64, size: int = 64, norm: str = "batch"
    ) -> None:
        super().__init__()
        stack: list[nn.Module] = [
            nn.Conv2d(in_channels, channels, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
        ]
        widths = [channels * 2**level for level in range(doublings(size))]
        for inputs, outputs in pairwise(widths):
            stack += [
                nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=norm != "batch"),
                normalisation(norm, outputs),
                nn.LeakyReLU(0.2),
            ]
        self.layers = nn.Sequential(*stack, nn.Conv2d(widths[-1], 1, 4))
        use_image_statistics(self, False)

    def forward(self, image: Tensor) -> Tensor:
        """One logit for each picture."""
        logits: Tensor = self.layers(image)
        return logits
