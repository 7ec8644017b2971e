"""Extractor: what the named layers of a frozen network make of a picture."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from img2img.networks.features.frozen import fold


class Scaling(NamedTuple):
    """(values - shift) / scale: from [-1, 1] to what a network was trained on, by channel."""

    shift: tuple[float, float, float] = (0.0, 0.0, 0.0)
    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)


# 2 mean - 1 and 2 std of ImageNet's (0.485, 0.456, 0.406) and (0.229, 0.224, 0.225) on [0, 1]
IMAGENET = Scaling((-0.030, -0.088, -0.188), (0.458, 0.448, 0.450))


class Layer(NamedTuple):
    """One link of a chain."""

    name: str
    module: nn.Module
    key: str = ""
    """What the names of its weights begin with in their file, before a point."""
    smallest: int = 1
    """The least side of what it takes, in pixels."""


class Network(NamedTuple):
    """A chain of layers, each fed what the one before it made, and what its first one is fed."""

    layers: Sequence[Layer]
    scaling: Scaling


class Extractor(nn.Module):
    """The features of some layers of a frozen network: its weights receive no gradient.

    values: (N, 3, H, W) in [-1, 1], or (N, 1, H, W), which is repeated; result: one tensor for each
    of `layers`, in their order. Layers after the last of them are neither kept nor computed.
    Nothing in it depends on the mode. It computes in `dtype`, once values are scaled, but pools and
    classifies in float32 at least.

    Raises:
        ValueError: weights are missing or misshapen, or values are of other or too few pixels.
    """

    shift: Tensor
    scale: Tensor

    def __init__(
        self,
        name: str,
        network: Network,
        weights: Mapping[str, Tensor],
        layers: Sequence[str],
        dtype: torch.dtype = torch.float32,
    ) -> None:
        super().__init__()
        self.layers = tuple(layers)
        last = max(i for i, layer in enumerate(network.layers) if layer.name in layers)
        needed = network.layers[: last + 1]
        for layer in needed:
            _load(layer, weights, name)
            fold(layer.module)
            if not isinstance(layer.module, nn.Linear):
                layer.module.to(dtype)
        self.chain = nn.ModuleDict({layer.name: layer.module for layer in needed})
        self.smallest = {layer.name: layer.smallest for layer in needed}
        for part, numbers in network.scaling._asdict().items():
            self.register_buffer(part, torch.tensor(numbers).view(-1, 1, 1))
        self.eval().requires_grad_(False)

    def forward(self, values: Tensor) -> list[Tensor]:
        """The features, each (N, C, H, W) at its layer's size, or (N, C) once pooled."""
        if values.dim() != 4 or values.shape[1] not in (1, 3):
            raise ValueError(
                f"features are of pictures (N, 3, H, W) or (N, 1, H, W), not {tuple(values.shape)}"
            )
        x = (values.to(self.shift.dtype).expand(-1, 3, -1, -1) - self.shift) / self.scale
        x = x.to(next(self.chain.parameters()).dtype)
        found = {}
        for name, layer in self.chain.items():
            if min(x.shape[2:], default=1) < self.smallest[name]:
                height, width = values.shape[2:]
                raise ValueError(f"{width} x {height} pixels are too few for {name}; give more")
            x = layer(x)
            if name in self.layers:
                found[name] = x
        return [found[name] for name in self.layers]


def _load(layer: Layer, weights: Mapping[str, Tensor], name: str) -> None:
    """Put the weights of that file into the layer, which may have been made without memory."""
    state = {}
    for own, empty in layer.module.state_dict().items():
        key = f"{layer.key}.{own}" if layer.key else own
        if key not in weights:
            raise ValueError(f"the weights of {name} lack {key}; get their official file anew")
        if weights[key].shape != empty.shape:
            shapes = f"{tuple(weights[key].shape)}, not {tuple(empty.shape)}"
            raise ValueError(f"{key} of the weights of {name} is {shapes}; get their file anew")
        state[own] = weights[key].detach().float()
    layer.module.load_state_dict(state, assign=True)
