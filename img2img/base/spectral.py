"""Spectral normalisation: every layer's matrix over its largest singular value (Miyato 2018)."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from img2img.base.draws import seeded

LAYERS = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)


def normalise(network: nn.Module, *, seed: int, name: str) -> None:
    """W / sigma(W) in all convolutions and dense layers, sigma by one power iteration a forward.

    The iteration's first vectors follow from (seed, name), and belong to the network's state; the
    network lies on the CPU.
    """
    with torch.random.fork_rng(devices=[]):
        drawn = torch.randint(2**31, (), generator=seeded(seed, "spectral", name))
        torch.default_generator.manual_seed(int(drawn))  # torch.manual_seed would reach GPUs too
        for layer in list(network.modules()):
            if isinstance(layer, LAYERS):
                spectral_norm(layer)
