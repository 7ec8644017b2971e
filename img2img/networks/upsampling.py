"""Twice the height and width: transposed convolutions, or interpolation and convolution."""

from torch import nn

UPSAMPLINGS = ("transpose", "nearest", "bilinear")


def upsample(kind: str, inputs: int, outputs: int, *, kernel: int, bias: bool) -> nn.Module:
    """(N, inputs, H, W) -> (N, outputs, 2H, 2W).

    `transpose` is what the papers use; the other two leave no checkerboard (Odena et al. 2016).
    `kernel` is the transposed convolution's: 4 in U-Nets, 3 in ResNets.

    Raises:
        ValueError: the kind is not one of UPSAMPLINGS.
    """
    if kind == "transpose":
        return nn.ConvTranspose2d(
            inputs, outputs, kernel, stride=2, padding=1, output_padding=4 - kernel, bias=bias
        )
    if kind not in UPSAMPLINGS:
        raise ValueError(f"unknown upsampling {kind!r}; choose from {', '.join(UPSAMPLINGS)}")
    return nn.Sequential(
        nn.Upsample(scale_factor=2, mode=kind),
        nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="reflect", bias=bias),
    )


def coarse_pixels(kind: str, fine: int) -> int:
    """How many coarse pixels in a row so many fine pixels in a row depend on, at most."""
    return fine // 2 + (3 if kind == "bilinear" else 2)
