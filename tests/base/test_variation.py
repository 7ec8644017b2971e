import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from img2img.base.draws import seeded
from img2img.base.variation import MinibatchDeviation, group_size

deviation = MinibatchDeviation()


def noise(rows: int) -> Tensor:
    return torch.randn(rows, 3, 4, 4, generator=seeded("x", rows), dtype=torch.float64)


@given(rows=st.integers(1, 200))
def test_groups_are_the_largest_up_to_4_that_fill_the_batch(rows: int) -> None:
    fitting = [size for size in (4, 3, 2) if rows % size == 0]
    assert group_size(rows) == (fitting or [1])[0]


def test_of_two_pictures_it_is_half_their_mean_distance() -> None:
    x = noise(2)
    found = deviation(x)
    assert torch.equal(found[:, :3], x) and found.shape == (2, 4, 4, 4)
    expected = ((x[0] - x[1]).abs() / 2).mean().expand(2, 4, 4)
    torch.testing.assert_close(found[:, 3], expected, rtol=1e-6, atol=0)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 8])
def test_pictures_all_the_same_or_alone_vary_by_the_root_of_epsilon(rows: int) -> None:
    x = noise(1).expand(rows, -1, -1, -1).clone().requires_grad_()
    found = deviation(x)
    torch.testing.assert_close(found[:, 3], torch.full((rows, 4, 4), 1e-4).double())
    [gradient] = torch.autograd.grad(found.square().sum(), x, create_graph=True)
    gradient.square().sum().backward()  # as a gradient penalty does
    assert x.grad.isfinite().all()


def test_groups_follow_each_other_and_do_not_meet() -> None:
    x = noise(8)
    torch.testing.assert_close(deviation(x), torch.cat([deviation(x[:4]), deviation(x[4:])]))
    assert deviation(x)[0, 3, 0, 0] != deviation(x)[4, 3, 0, 0]
    torch.testing.assert_close(deviation(noise(6))[:3, 3], deviation(noise(6)[:3])[:, 3])
