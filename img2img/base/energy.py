"""EBGAN's D: an autoencoder, whose error is the energy of what it sees (Zhao et al. 2017)."""

from itertools import pairwise
from math import log2

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, pad

from img2img.base.judgement import Verdict
from img2img.base.norms import norm as normalisation
from img2img.base.norms import use_image_statistics
from img2img.base.penalties import TINY


def halvings(size: int) -> int:
    """How often pictures are halved: down to 8 to 15 pixels, but once at least.

    Raises:
        ValueError: the size is below 8 pixels.
    """
    if size < 8:
        raise ValueError(f"an autoencoder sees squares of at least 8 pixels, not {size}")
    return max(1, int(log2(size)) - 3)


class Autoencoder(nn.Module):
    """image: (N, in_channels, H, W) in [-1, 1] to -|Dec(Enc(x)) - x| / sqrt(CHW), (N, 1, 1, 1).

    The logit is minus the energy, and that the root mean square of the error, so that a margin
    means the same at every size. Convolutions of stride 2 lead to the code, and as many back, as in
    the paper's appendix: three for pictures of 64 pixels, five for 256. Sides that cannot be halved
    so often are filled up with 0, which is not judged.
    """

    input_range = (-1.0, 1.0)

    def __init__(
        self, *, in_channels: int = 3, channels: int = 64, size: int = 64, norm: str = "batch"
    ) -> None:
        super().__init__()
        widths = [channels * 2**level for level in range(halvings(size))]
        self.stride = 2 ** len(widths)
        bias = norm != "batch"
        encoder: list[nn.Module] = [
            nn.Conv2d(in_channels, channels, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
        ]
        for inputs, outputs in pairwise(widths):
            encoder += [
                nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=bias),
                normalisation(norm, outputs),
                nn.LeakyReLU(0.2),
            ]
        decoder: list[nn.Module] = []
        for inputs, outputs in pairwise(reversed(widths)):
            decoder += [
                nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=bias),
                normalisation(norm, outputs),
                nn.LeakyReLU(0.2),
            ]
        # linear: one-hot planes are -1 and 1 exactly
        decoder.append(nn.ConvTranspose2d(channels, in_channels, 4, stride=2, padding=1))
        self.encoder, self.decoder = nn.Sequential(*encoder), nn.Sequential(*decoder)
        use_image_statistics(self, False)

    def forward(self, image: Tensor) -> Verdict:
        """Minus the energy of each picture, and its code, flattened."""
        height, width = image.shape[-2:]
        filled = pad(image, (0, -width % self.stride, 0, -height % self.stride))
        code = self.encoder(filled)
        error = self.decoder(code)[..., :height, :width] - image
        energy = error.square().mean((1, 2, 3), keepdim=True).clamp_min(TINY).sqrt()
        return Verdict(-energy, code.flatten(1))


def likeness(codes: Tensor) -> Tensor:
    """f_PT = 1 / (N (N - 1)) sum_{i != j} cos^2(S_i, S_j) of codes S, (N, d) (section 2.4).

    The pull-away term: 0 where all are orthogonal, 1 where they are alike; 0 of a single one.
    """
    directions = normalize(codes)
    squares = (directions @ directions.T).square()
    others = ~torch.eye(len(codes), dtype=torch.bool, device=codes.device)
    return (squares * others).sum() / max(1, len(codes) * (len(codes) - 1))
