"""EDSR in small: residual blocks without norms, and one pixel shuffle (Lim et al. 2017)."""

from torch import Tensor, nn
from torch.nn.functional import pixel_shuffle

from img2img.networks.enlarged import Bicubic


class EDSR(nn.Module):
    """What is missing from the bicubic enlargement, made at the small size.

    A 3x3, `blocks` residual blocks and a 3x3 with a skip about them, then ONE convolution to
    scale^2 pictures that a pixel shuffle interleaves (Shi et al. 2016), added to the enlarged input
    (Kim et al. 2016). Drawn by `initialise`, of which only plain `kaiming` is not small, the
    first weights leave it within a few hundredths of bicubic.

    image: (N, in_channels, H, W) in [-1, 1]; result: (N, out_channels, scale * H, scale * W).
    """

    input_range = output_range = (-1.0, 1.0)
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
        self.blocks, self.scale = blocks, scale
        c = channels
        self.enlarge = Bicubic(in_channels=in_channels, out_channels=out_channels, scale=scale)
        self.first = nn.Conv2d(in_channels, c, 3, padding=1)
        self.body = nn.Sequential(
            *(Residual(c) for _ in range(blocks)), nn.Conv2d(c, c, 3, padding=1)
        )
        self.last = nn.Conv2d(c, out_channels * scale**2, 3, padding=1)

    def forward(self, image: Tensor) -> Tensor:
        """Enlarge."""
        x = self.first(image)
        missing = pixel_shuffle(self.last(x + self.body(x)), self.scale)
        result: Tensor = self.enlarge(image) + missing
        return result

    @property
    def receptive_field(self) -> int:
        """Side, in pixels of the input, of what one output pixel can depend on."""
        return 1 + 2 * (1 + 2 * self.blocks + 1 + 1)


class Residual(nn.Module):
    """x + (3x3 - ReLU - 3x3)(x)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        changed: Tensor = self.layers(x)
        return x + changed
