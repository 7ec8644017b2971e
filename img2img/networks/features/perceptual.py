"""Perceptual: how far a frozen network's features of two pictures are apart."""

import torch
from torch import Tensor
from torch.nn.functional import mse_loss

from img2img.networks.features.extractor import Extractor


class Perceptual:
    """l_VGG/i.j = 1/(W H C) sum |phi(real) - phi(fake)|^2   (SRGAN, equation 5)

    The mean over the batch too, summed over the extractor's layers; phi is taken as it is, without
    the paper's factor of 1/12.75. Not a module, so that its weights stand in no checkpoint: the
    network follows the values to their device.
    """

    def __init__(self, network: Extractor) -> None:
        self.network = network

    def __call__(self, fake: Tensor, real: Tensor) -> Tensor:
        """Of (N, 3, H, W) or (N, 1, H, W) in [-1, 1]; no gradient reaches `real`."""
        network = self.network.to(fake.device)
        with torch.no_grad():
            targets = network(real)
        distances = [mse_loss(*pair) for pair in zip(network(fake), targets, strict=True)]
        return torch.stack(distances).sum()
