"""Entropy: how far a picture of class planes is from the classes it should show."""

from torch import Tensor
from torch.nn.functional import log_softmax

SHARPNESS = 5.0  # logits of a plane at 1 and one at -1 are 10 apart: a softmax of 0.9999


def cross_entropy(planes: Tensor, target: Tensor, weights: Tensor | None = None) -> Tensor:
    """-w_c log softmax(SHARPNESS * planes)_c of each pixel, c its class: (N, 1, H, W).

    planes: (N, K, H, W) in [-1, 1], as a generator ends in tanh; target: one-hot of 1 and -1;
    weights: (K,). The planes are bounded, so the loss is as well, and cannot run away.
    """
    chosen = (target > 0).to(planes.dtype)
    if weights is not None:
        chosen = chosen * weights[:, None, None]
    return -(chosen * log_softmax(SHARPNESS * planes, 1)).sum(1, keepdim=True)
