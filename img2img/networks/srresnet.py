"""SRResNet, the generator of SRGAN (Ledig et al. 2017, figure 4)."""

from collections.abc import Callable

from torch import Tensor, nn

from img2img.base.norms import BatchNorm

SHUFFLES = {2: (2,), 3: (3,), 4: (2, 2), 8: (2, 2, 2)}
"""An enlargement as the steps of its pixel shuffles."""


class SRResNet(nn.Module):
    """k9n64, B x blocks, k3n64, then k3n256 and a pixel shuffle for each doubling, k9n3.

    image: (N, in_channels, H, W) in [0, 1];
    result: (N, out_channels, scale * H, scale * W) in [-1, 1], which nothing enforces.
    """

    input_range = (0.0, 1.0)
    output_range = (-1.0, 1.0)
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
        # a slope for each channel: PReLU as the paper cites it (He et al. 2015, equation 1). Its
        # authors published no code; ports to Keras do the same, most to torch share one slope
        self.first = nn.Sequential(nn.Conv2d(in_channels, c, 9, padding=4), nn.PReLU(c))
        self.body = nn.Sequential(*(Residual(c) for _ in range(blocks)), *normed(c))
        self.up = upsampling(c, scale, lambda: nn.PReLU(c))
        self.last = nn.Conv2d(c, out_channels, 9, padding=4)

    def forward(self, image: Tensor) -> Tensor:
        """Enlarge."""
        x = self.first(image)
        result: Tensor = self.last(self.up(x + self.body(x)))
        return result

    @property
    def receptive_field(self) -> int:
        """Side, in pixels of the input, of what an output pixel can see with running norms."""
        return before_shuffles(9, self.scale) + 2 * (2 * self.blocks + 1) + 8


class Residual(nn.Module):
    """x + (3x3 - norm - PReLU - 3x3 - norm)(x)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(*normed(channels), nn.PReLU(channels), *normed(channels))

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to the same."""
        changed: Tensor = self.layers(x)
        return x + changed


def normed(channels: int) -> tuple[nn.Module, nn.Module]:
    """A convolution with its norm, which makes its bias idle."""
    return nn.Conv2d(channels, channels, 3, padding=1, bias=False), BatchNorm(channels)


def upsampling(channels: int, scale: int, activation: Callable[[], nn.Module]) -> nn.Sequential:
    """(N, C, H, W) to (N, C, scale * H, scale * W): convolutions, pixel shuffles, activations.

    Raises:
        ValueError: the scale is none of SHUFFLES.
    """
    if scale not in SHUFFLES:
        allowed = ", ".join(map(str, SHUFFLES))
        raise ValueError(f"pixel shuffles enlarge by {allowed}, not by {scale}; choose one")
    stack: list[nn.Module] = []
    for step in SHUFFLES[scale]:
        wide = nn.Conv2d(channels, channels * step**2, 3, padding=1)
        stack += [wide, nn.PixelShuffle(step), activation()]
    return nn.Sequential(*stack)


def before_shuffles(fine: int, scale: int) -> int:
    """How many pixels in a row `upsampling` makes so many in a row of, at most."""
    for step in reversed(SHUFFLES[scale]):
        fine = (fine + step - 2) // step + 1 + 2  # pixels that they fall on, and the 3x3's
    return fine
