"""Residual generator (Johnson et al. 2016; CycleGAN, section 4 and appendix 7.2)."""

from torch import Tensor, nn

from img2img.base.draws import Dropout
from img2img.base.norms import norm
from img2img.networks.upsampling import coarse_pixels, upsample


class ResNet(nn.Module):
    """c7s1-64, d128, d256, R256 x blocks, u128, u64, c7s1-3.

    image: (N, in_channels, H, W) in [-1, 1], H and W multiples of 4;
    result: (N, out_channels, H, W) in [-1, 1].
    """

    input_range = output_range = (-1.0, 1.0)
    multiple_of = 4

    def __init__(
        self,
        *,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        blocks: int = 9,
        norm: str = "instance",
        dropout: float = 0.0,
        upsampling: str = "transpose",
    ) -> None:
        super().__init__()
        self.blocks, self.upsampling = blocks, upsampling
        bias = norm != "batch"
        c = channels
        self.encoder = nn.Sequential(
            nn.ReflectionPad2d(3),
            *convolution(nn.Conv2d(in_channels, c, 7, bias=bias), c, norm),
            *convolution(nn.Conv2d(c, 2 * c, 3, stride=2, padding=1, bias=bias), 2 * c, norm),
            *convolution(nn.Conv2d(2 * c, 4 * c, 3, stride=2, padding=1, bias=bias), 4 * c, norm),
        )
        self.body = nn.Sequential(*(Residual(4 * c, norm, dropout) for _ in range(blocks)))
        self.decoder = nn.Sequential(
            *convolution(upsample(upsampling, 4 * c, 2 * c, kernel=3, bias=bias), 2 * c, norm),
            *convolution(upsample(upsampling, 2 * c, c, kernel=3, bias=bias), c, norm),
            nn.ReflectionPad2d(3),
            nn.Conv2d(c, out_channels, 7),
            nn.Tanh(),
        )

    def forward(self, image: Tensor) -> Tensor:
        """Translate."""
        result: Tensor = self.decoder(self.body(self.encoder(image)))
        return result

    @property
    def receptive_field(self) -> int:
        """Side, in pixels, of what one output pixel can depend on through the convolutions."""
        pixels = 7
        for _ in range(2):
            pixels = coarse_pixels(self.upsampling, pixels)
        pixels += self.blocks * 2 * 2
        for _ in range(2):
            pixels = 2 * pixels + 1  # 3x3, stride 2
        return pixels + 6


class Residual(nn.Module):
    """x + (pad - 3x3 - norm - ReLU - [dropout] - pad - 3x3 - norm)(x), no ReLU behind the sum."""

    def __init__(self, channels: int, normed: str, dropout: float) -> None:
        super().__init__()
        bias = normed != "batch"
        self.layers = nn.Sequential(
            nn.ReflectionPad2d(1),
            *convolution(nn.Conv2d(channels, channels, 3, bias=bias), channels, normed),
            Dropout(dropout) if dropout else nn.Identity(),
            nn.ReflectionPad2d(1),
            nn.Conv2d(channels, channels, 3, bias=bias),
            norm(normed, channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        changed: Tensor = self.layers(x)
        return x + changed


def convolution(layer: nn.Module, channels: int, normed: str) -> tuple[nn.Module, ...]:
    """A convolution with its norm and ReLU."""
    return layer, norm(normed, channels), nn.ReLU()
