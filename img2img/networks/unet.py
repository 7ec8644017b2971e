"""U-Net: encoder and decoder with skips between equal resolutions (pix2pix, section 3.2.1)."""

import torch
from torch import Tensor, nn

from img2img.base.draws import Dropout
from img2img.base.norms import norm
from img2img.networks.upsampling import coarse_pixels, upsample


class UNet(nn.Module):
    """C64-C128-C256-C512-..., mirrored, each decoder level joined to its encoder level.

    image: (N, in_channels, H, W) in [-1, 1], H and W multiples of `multiple_of`;
    result: (N, out_channels, H, W) in [-1, 1].
    """

    input_range = output_range = (-1.0, 1.0)

    def __init__(
        self,
        *,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        depth: int = 8,
        norm: str = "batch",
        dropout: float = 0.5,
        upsampling: str = "transpose",
    ) -> None:
        super().__init__()
        if depth < 2:
            raise ValueError(f"a U-Net needs a depth of at least 2, not {depth}")
        self.depth, self.upsampling = depth, upsampling
        widths = [channels * min(2**level, 8) for level in range(depth)]
        self.down = nn.ModuleList(
            Down(
                widths[level - 1] if level else in_channels,
                widths[level],
                norm if 0 < level < depth - 1 else "none",  # neither the first nor the innermost
                activate=level > 0,
                bias=norm != "batch",
            )
            for level in range(depth)
        )
        self.up = nn.ModuleList(
            Up(
                widths[level] * (1 if level == depth - 1 else 2),
                widths[level - 1],
                norm,
                dropout if 4 <= level < depth - 1 else 0.0,  # CD512, and not the innermost
                upsampling,
            )
            for level in range(depth - 1, 0, -1)
        )
        self.last = nn.Sequential(
            nn.ReLU(), upsample(upsampling, widths[0] * 2, out_channels, kernel=4, bias=True)
        )

    def forward(self, image: Tensor) -> Tensor:
        """Translate."""
        skips = []
        x = image
        for down in self.down:
            x = down(x)
            skips.append(x)
        x = skips.pop()
        for up in self.up:
            x = torch.cat([skips.pop(), up(x)], 1)
        return torch.tanh(self.last(x))

    @property
    def multiple_of(self) -> int:
        """Both sides of the input must be multiples of this."""
        return 1 << self.depth

    @property
    def receptive_field(self) -> int:
        """Side, in pixels, of what one output pixel can depend on through the convolutions."""
        pixels = 1
        for _ in range(self.depth):
            pixels = coarse_pixels(self.upsampling, pixels)
        for _ in range(self.depth):
            pixels = 2 * pixels + 2  # 4x4, stride 2
        return pixels


class Down(nn.Sequential):
    """Half the resolution: [LeakyReLU 0.2] - convolution 4x4, stride 2 - [norm]."""

    def __init__(
        self, inputs: int, outputs: int, normed: str, *, activate: bool, bias: bool
    ) -> None:
        super().__init__(
            nn.LeakyReLU(0.2) if activate else nn.Identity(),
            nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=bias),
            norm(normed, outputs),
        )


class Up(nn.Sequential):
    """Twice the resolution: ReLU - upsampling - norm - [dropout]."""

    def __init__(
        self, inputs: int, outputs: int, normed: str, dropout: float, upsampling: str
    ) -> None:
        super().__init__(
            nn.ReLU(),
            upsample(upsampling, inputs, outputs, kernel=4, bias=normed != "batch"),
            norm(normed, outputs),
            Dropout(dropout) if dropout else nn.Identity(),
        )
