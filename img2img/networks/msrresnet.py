"""MSRResNet: SRResNet without norms, as BasicSR trains it and hands its weights on."""

from torch import Tensor, nn

from img2img.networks.edsr import Residual
from img2img.networks.enlarged import same_channels
from img2img.networks.srresnet import before_shuffles, upsampling


class MSRResNet(nn.Module):
    """3x3 convolutions with LeakyReLU 0.1 about residual blocks, upon the bilinear enlargement.

    image: (N, in_channels, H, W) in [0, 1]; result: (N, out_channels, scale * H, scale * W) in
    [0, 1], which nothing enforces. Theirs enlarges by 2, 3 and 4; by 8 it is ours alone.
    """

    input_range = output_range = (0.0, 1.0)
    multiple_of = 1

    def __init__(
        self,
        *,
        in_channels: int = 3,
        out_channels: int = 3,
        channels: int = 64,
        blocks: int = 16,
        scale: int = 4,
    ) -> None:
        super().__init__()
        same_channels(in_channels, out_channels)
        self.blocks, self.scale = blocks, scale
        c = channels
        self.first = nn.Sequential(nn.Conv2d(in_channels, c, 3, padding=1), nn.LeakyReLU(0.1))
        self.body = nn.Sequential(*(Residual(c) for _ in range(blocks)))  # no skip about them
        self.up = upsampling(c, scale, lambda: nn.LeakyReLU(0.1))
        self.last = nn.Sequential(
            nn.Conv2d(c, c, 3, padding=1),
            nn.LeakyReLU(0.1),
            nn.Conv2d(c, out_channels, 3, padding=1),
        )
        self.enlarge = nn.Upsample(scale_factor=scale, mode="bilinear", align_corners=False)

    def forward(self, image: Tensor) -> Tensor:
        """Enlarge."""
        missing = self.last(self.up(self.body(self.first(image))))
        result: Tensor = self.enlarge(image) + missing
        return result

    @property
    def receptive_field(self) -> int:
        """Side, in pixels of the input, of what one output pixel can depend on."""
        return before_shuffles(5, self.scale) + 2 * (2 * self.blocks + 1)
