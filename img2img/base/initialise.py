"""First weights of a network, drawn from a seed."""

import torch
from torch import nn
from torch.nn import init

from img2img.base.draws import seeded

INITS = ("normal", "xavier", "kaiming", "orthogonal", "scaled-kaiming", "unit")


@torch.no_grad()
def initialise(network: nn.Module, kind: str, *, seed: int, name: str, gain: float = 0.02) -> None:
    """Weights ~ N(0, gain^2), or by Glorot's, He's or Saxe's rule; norms N(1, gain^2); biases 0.

    `scaled-kaiming` is a tenth of He's: BasicSR's, for residual networks without norms. PReLUs keep
    the slope they are made with, 0.25 (He et al. 2015, section 2.1). `unit` is N(0, 1), for layers
    with an equalised learning rate. A weight depends on (seed, name, its own key) alone.

    Raises:
        ValueError: the kind is not one of INITS.
    """
    if kind not in INITS:
        raise ValueError(f"unknown init {kind!r}; choose from {', '.join(INITS)}")
    slopes = {id(layer.weight) for layer in network.modules() if isinstance(layer, nn.PReLU)}
    for key, weight in network.named_parameters():
        if id(weight) in slopes:
            continue
        draw = seeded(seed, "init", name, key)
        if key.endswith("bias"):
            init.zeros_(weight)
        elif weight.ndim == 1:  # a norm's scale
            init.normal_(weight, 1.0, gain, generator=draw)
        elif kind == "normal":
            init.normal_(weight, 0.0, gain, generator=draw)
        elif kind == "xavier":
            init.xavier_normal_(weight, gain=gain, generator=draw)
        elif kind == "kaiming":
            init.kaiming_normal_(weight, generator=draw)
        elif kind == "scaled-kaiming":
            init.kaiming_normal_(weight, generator=draw).mul_(0.1)
        elif kind == "unit":
            init.normal_(weight, generator=draw)
        else:
            init.orthogonal_(weight, gain=gain, generator=draw)
