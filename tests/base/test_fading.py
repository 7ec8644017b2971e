import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from img2img.base.draws import seeded
from img2img.base.fading import doubled, faded, halved


def pictures(size: int = 32) -> Tensor:
    return torch.rand(2, 3, size, size, generator=seeded("x"), dtype=torch.float64) * 2 - 1


def test_halving_takes_means_and_doubling_repeats() -> None:
    x = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])
    assert torch.equal(halved(x), torch.tensor([[[[3.0]]]]))
    wide = torch.tensor([[[[1.0, 1, 2, 2], [1, 1, 2, 2], [3, 3, 6, 6], [3, 3, 6, 6]]]])
    assert torch.equal(doubled(x), wide)


def test_at_whole_levels_pictures_are_halved_down() -> None:
    x = pictures()
    assert torch.equal(faded(x, 3), x)
    for level in (2, 1, 0):
        x = halved(x)
        torch.testing.assert_close(faded(pictures(), level), x)


@given(level=st.integers(1, 3), alpha=st.floats(0.001, 0.999))
def test_between_levels_the_lower_fades_into_the_upper(level: int, alpha: float) -> None:
    x = pictures()
    low, high = faded(x, level - 1), faded(x, level)
    expected = (1 - alpha) * doubled(low) + alpha * high
    torch.testing.assert_close(faded(x, level - 1 + alpha), expected)


@given(level=st.floats(0, 3))
def test_no_level_changes_a_pictures_mean(level: float) -> None:
    x = pictures()
    torch.testing.assert_close(faded(x, level).mean((2, 3)), x.mean((2, 3)))


@pytest.mark.parametrize("shape", [(8, 8), (16, 24), (24, 24)])
def test_pictures_that_do_not_reach_the_level_are_one_sentence(shape: tuple[int, int]) -> None:
    height, width = shape
    with pytest.raises(
        ValueError, match=f"{width}x{height} cannot be shown at 16x16; take squares"
    ):
        faded(torch.zeros(1, 3, *shape), 1.5)
