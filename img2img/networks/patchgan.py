"""PatchGAN: one logit per overlapping patch (pix2pix, section 3.2.2)."""

from torch import Tensor, nn

from img2img.base.norms import norm as normalisation


class PatchGAN(nn.Module):
    """C64-C128-...: `layers` strided 4x4 convolutions, then two with stride 1.

    1, 3 and 5 layers judge patches of 16x16, 70x70 and 286x286 pixels; 0 is the paper's PixelGAN
    of 1x1 convolutions. image: (N, in_channels, H, W) in [-1, 1]; result: (N, 1, H', W') logits.
    """

    input_range = (-1.0, 1.0)
    multiple_of = 1

    def __init__(
        self,
        *,
        in_channels: int = 3,
        channels: int = 64,
        layers: int = 3,
        norm: str = "instance",
    ) -> None:
        super().__init__()
        kernel, pad = (4, 1) if layers else (1, 0)
        # widths 64, 128, ... at most 512; the first convolution has no norm
        strides = [2] * layers + [1] if layers else [1, 1]
        stack: list[nn.Module] = []
        inputs = in_channels
        for level, stride in enumerate(strides):
            outputs = channels * min(2**level, 8)
            first = level == 0
            stack += [
                nn.Conv2d(inputs, outputs, kernel, stride, pad, bias=first or norm != "batch"),
                nn.Identity() if first else normalisation(norm, outputs),
                nn.LeakyReLU(0.2),
            ]
            inputs = outputs
        # the pixel discriminator's last convolution has a bias only where its norm has none
        bias = layers > 0 or norm != "batch"
        self.layers = nn.Sequential(*stack, nn.Conv2d(inputs, 1, kernel, 1, pad, bias=bias))

    def forward(self, image: Tensor) -> Tensor:
        """One logit for every patch."""
        logits: Tensor = self.layers(image)
        return logits

    @property
    def receptive_field(self) -> int:
        """Side of the patch that one logit judges, in pixels."""
        field = 1
        for layer in reversed([m for m in self.layers if isinstance(m, nn.Conv2d)]):
            field = (field - 1) * layer.stride[0] + layer.kernel_size[0]
        return field

    @property
    def smallest(self) -> int:
        """The smallest side of a picture that leaves at least one logit."""
        side = 1
        for layer in reversed([m for m in self.layers if isinstance(m, nn.Conv2d)]):
            side = (side - 1) * layer.stride[0] + layer.kernel_size[0] - 2 * int(layer.padding[0])
            side = max(side, 1)
        return side
