"""Perceptron: a few dense layers, all that the small experiments need."""

from itertools import pairwise

from torch import Tensor, nn


class Perceptron(nn.Module):
    """(N, inputs) -> (N, outputs) through hidden layers of equal width with (leaky) ReLUs."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        width: int = 128,
        layers: int = 2,
        slope: float = 0.0,
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        self.gain = gain
        """What comes out is multiplied by it: the slope that a 1-Lipschitz D would lack."""
        widths = [inputs, *[width] * layers]
        hidden = [
            part
            for before, after in pairwise(widths)
            for part in (nn.Linear(before, after), nn.LeakyReLU(slope))
        ]
        self.layers = nn.Sequential(*hidden, nn.Linear(widths[-1], outputs))

    def forward(self, x: Tensor) -> Tensor:
        """Without a final activation."""
        said: Tensor = self.layers(x)
        return self.gain * said
