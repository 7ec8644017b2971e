"""First weights of a network, drawn from a seed."""

from torch import nn
from torch.nn import init

from img2img.base.draws import seeded

INITS = ("normal", "xavier", "kaiming", "orthogonal")


def initialise(network: nn.Module, kind: str, *, seed: int, name: str, gain: float = 0.02) -> None:
    """Weights ~ N(0, gain^2), or by Glorot's, He's or Saxe's rule; norms N(1, gain^2); biases 0.

    A weight depends on (seed, name, its own key) alone.

    Raises:
        ValueError: the kind is not one of INITS.
    """
    if kind not in INITS:
        raise ValueError(f"unknown init {kind!r}; choose from {', '.join(INITS)}")
    for key, weight in network.named_parameters():
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
        else:
            init.orthogonal_(weight, gain=gain, generator=draw)
