"""What one output value depends on, measured by its gradient."""

import torch
from torch import nn
from torch.autograd import grad


def positive(network: nn.Module) -> nn.Module:
    """In float64 and with positive weights, so that no two ways cancel out."""
    for key, weight in network.double().named_parameters():
        nn.init.constant_(weight, 0.0 if key.endswith("bias") else 1 / weight[0].numel())
    return network


def measured_field(network: nn.Module, size: int) -> int:
    """The largest side of what one value in the middle depends on, in a picture of this size."""
    image = torch.full((1, 1, size, size), 1e-3, dtype=torch.float64, requires_grad=True)
    made = network(image)
    middle = made.shape[-1] // 2
    widest = 0
    phases = 16 if made.shape[-1] >= size else 1  # of a generator's strides and shuffles
    for place in range(middle, middle + phases):
        [gradient] = grad(made[0, 0, place, place], image, retain_graph=True)
        touched = gradient[0, 0].any(0).nonzero().flatten()
        assert touched[0] > 0 and touched[-1] < size - 1, "the picture is too small to tell"
        widest = max(widest, int(touched[-1] - touched[0]) + 1)
    return widest
