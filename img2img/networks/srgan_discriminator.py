"""The discriminator of SRGAN (Ledig et al. 2017, figure 4)."""

from itertools import pairwise

from torch import Tensor, nn

from img2img.base.norms import norm as normalisation


class SRGANDiscriminator(nn.Module):
    """Eight convolutions of 64 to 512 planes, every second halving the sides, then dense layers.

    image: (N, in_channels, size, size) in [-1, 1]; result: (N, 1, 1, 1), a logit each, as a map of
    one place that a mask can weigh. The paper's sigmoid belongs to the loss.
    """

    input_range = (-1.0, 1.0)

    def __init__(
        self, *, in_channels: int = 3, channels: int = 64, size: int = 96, norm: str = "batch"
    ) -> None:
        super().__init__()
        if size < 16:
            raise ValueError(
                f"SRGAN's discriminator sees squares of at least 16 pixels, not {size}"
            )
        widths = [channels * 2 ** (layer // 2) for layer in range(8)]  # 64 64 128 128 ... 512
        stack: list[nn.Module] = [nn.Conv2d(in_channels, channels, 3, padding=1), nn.LeakyReLU(0.2)]
        for layer, (inputs, outputs) in enumerate(pairwise(widths), start=1):
            stride = 1 + layer % 2
            stack += [
                nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=norm != "batch"),
                normalisation(norm, outputs),
                nn.LeakyReLU(0.2),
            ]
        self.features = nn.Sequential(*stack)
        side = -(-size // 16)  # halved four times, each time rounded up
        self.dense = nn.Sequential(
            nn.Flatten(),
            nn.Linear(widths[-1] * side**2, 16 * channels),
            nn.LeakyReLU(0.2),
            nn.Linear(16 * channels, 1),
        )

    def forward(self, image: Tensor) -> Tensor:
        """One logit for each picture."""
        logits: Tensor = self.dense(self.features(image))
        return logits[:, :, None, None]
