import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from img2img.base.ranges import SIGNED, applied, rescaled

LOW = st.floats(-4, 4)
RANGES = st.tuples(LOW, st.floats(0.5, 4)).map(lambda it: (it[0], it[0] + it[1]))


class Unit(nn.Module):
    """Takes [0, 1], squares it, and gives [0, 255]."""

    input_range, output_range = (0.0, 1.0), (0.0, 255.0)

    def forward(self, x: Tensor) -> Tensor:
        return x.square() * 255


@given(RANGES, RANGES)
def test_ends_lie_upon_ends_and_the_way_back_is_the_inverse(source, target):
    ends = torch.tensor(source, dtype=torch.float64)
    there = rescaled(ends, source, target)
    assert torch.allclose(there, torch.tensor(target, dtype=torch.float64), atol=1e-12)
    beyond = torch.linspace(-9, 9, 7, dtype=torch.float64)
    assert torch.allclose(rescaled(rescaled(beyond, source, target), target, source), beyond)


def test_a_network_is_called_in_its_own_ranges():
    x = torch.linspace(-1, 1, 9)
    assert torch.allclose(applied(Unit(), x), ((x + 1) / 2).square() * 2 - 1, atol=1e-6)


def test_values_of_the_common_range_are_handed_on_untouched():
    x = torch.rand(3)
    assert rescaled(x, SIGNED, SIGNED) is x
    assert applied(nn.Identity(), x) is x
