import pytest
import torch
from torch import nn

from img2img.base.optimizers import ExtraGradient, Optimistic


def moved(algorithm, slopes, lr=0.5):
    """A weight from 1 after steps along the given gradients."""
    weight = nn.Parameter(torch.ones(1, dtype=torch.float64))
    optimizer = algorithm([weight], lr)
    places = []
    for slope in slopes:
        weight.grad = torch.tensor([slope], dtype=torch.float64)
        optimizer.step()
        places.append(weight.item())
    return places


def test_extragradient_looks_ahead_and_goes_from_where_it_stood():
    assert moved(ExtraGradient, [1.0, 3.0, 2.0, 4.0]) == [0.5, -0.5, -1.5, -2.5]


def test_optimism_takes_back_the_last_gradient():
    # 1 - .5 * 1, then - .5 * (2 * 3 - 1), then - .5 * (2 * 2 - 3)
    assert moved(Optimistic, [1.0, 3.0, 2.0]) == [0.5, -2.0, -2.5]


@pytest.mark.parametrize("algorithm", [ExtraGradient, Optimistic])
def test_a_weight_without_a_gradient_stays(algorithm):
    still, moving = (nn.Parameter(torch.ones(2)) for _ in range(2))
    optimizer = algorithm([still, moving], 0.1)
    moving.grad = torch.ones(2)
    optimizer.step()
    assert still.tolist() == [1, 1] and moving.tolist() != [1, 1]


@pytest.mark.parametrize("algorithm", [ExtraGradient, Optimistic])
def test_a_resumed_optimizer_goes_on_as_if_nothing_had_been(algorithm):
    def play(weight, optimizer, steps):
        for _ in range(steps):
            optimizer.zero_grad()
            optimizer.step(lambda: weight.square().sum().backward() or 0.0)

    weight = nn.Parameter(torch.tensor([2.0, -3.0]))
    optimizer = algorithm([weight], 0.1)
    play(weight, optimizer, 3)  # in the middle of an iteration
    other = nn.Parameter(weight.detach().clone())
    resumed = algorithm([other], 0.7)
    resumed.load_state_dict(optimizer.state_dict())
    play(weight, optimizer, 4)
    play(other, resumed, 4)
    assert torch.equal(weight, other)
