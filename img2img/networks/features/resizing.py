"""What implementations of FID hand to the Inception: one function for each protocol."""

from torch import Tensor
from torch.nn.functional import interpolate

SIDE = 299  # pixels


def pytorch_fid(pictures: Tensor) -> Tensor:
    """uint8 (N, C, H, W) to (N, C, 299, 299) in [-1, 1], as pytorch-fid 0.3.0 does.

    Bilinear between the centres of pixels (align_corners=False), without antialiasing.
    """
    unit = pictures.float() / 255
    return 2 * interpolate(unit, (SIDE, SIDE), mode="bilinear", align_corners=False) - 1
