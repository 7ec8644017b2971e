"""Weights of feature networks that are drawn, the same on every machine."""

import numpy as np
import torch
from torch import Tensor

from img2img.networks.features import network


def drawn(name: str, layer: str, seed: int = 0) -> dict[str, Tensor]:
    """What the network needs up to `layer`, by its file's names; activations keep their size."""
    generator = np.random.default_rng(seed)
    weights = {}
    needed = network(name, [layer]).layers
    for link in needed[: [link.name for link in needed].index(layer) + 1]:
        for own, empty in link.module.state_dict().items():
            weights[f"{link.key}.{own}" if link.key else own] = _values(own, empty, generator)
    return weights


def _values(own: str, empty: Tensor, generator: np.random.Generator) -> Tensor:
    if empty.dim() > 1:
        fan = empty[0].numel()
        numbers = generator.standard_normal(empty.shape, np.float32) * np.sqrt(2 / fan)
    else:
        numbers = generator.random(empty.shape, np.float32) - 0.5
        numbers += own.endswith(("running_var", "weight"))
    return torch.from_numpy(numbers.astype(np.float32))
