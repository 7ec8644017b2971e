"""Ranges: values between -1 and 1, as all trainers see them, and a network's own."""

from torch import Tensor, nn

Range = tuple[float, float]
SIGNED: Range = (-1.0, 1.0)


def rescaled(values: Tensor, source: Range, target: Range) -> Tensor:
    """Values of one range in another, the ends upon the ends; what lies beyond is kept."""
    if source == target:
        return values
    slope = (target[1] - target[0]) / (source[1] - source[0])
    return (values - source[0]) * slope + target[0]


def applied(network: nn.Module, values: Tensor) -> Tensor:
    """What a network makes of values in [-1, 1], in [-1, 1], whatever its own ranges are.

    A network states them as `input_range` and `output_range`; [-1, 1] where it does not.
    """
    given = rescaled(values, SIGNED, getattr(network, "input_range", SIGNED))
    return rescaled(network(given), getattr(network, "output_range", SIGNED), SIGNED)
