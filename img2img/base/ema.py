"""An exponential moving average of a network, buffers too."""

from copy import deepcopy
from typing import TypeVar

import torch
from torch import nn

Network = TypeVar("Network", bound=nn.Module)


class Average(nn.Module):
    """shadow <- decay * shadow + (1 - decay) * network, after every step (Karras et al. 2018)."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        super().__init__()
        self.decay = decay
        self.shadow = deepcopy(network).requires_grad_(False).eval()

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        """One step on; whole-number buffers and the level of growth are copied."""
        for old, new in zip(values(self.shadow), values(network), strict=True):
            if old.is_floating_point():
                old.lerp_(new, 1 - self.decay)
            else:
                old.copy_(new)
        if hasattr(network, "level"):  # how far a progressive one has grown
            self.shadow.level = network.level


def values(network: nn.Module) -> list[torch.Tensor]:
    """Parameters, then buffers."""
    return [*network.parameters(), *network.buffers()]
