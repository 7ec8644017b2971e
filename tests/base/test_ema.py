import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from img2img.base.ema import Average
from img2img.base.progressive import Generator


@given(decay=st.floats(0.0, 0.999), steps=st.integers(1, 30))
def test_towards_a_constant_the_average_goes_as_one_minus_decay_to_the_n(decay, steps) -> None:
    network = nn.BatchNorm2d(1).double()
    for value in (*network.parameters(), network.running_mean, network.running_var):
        nn.init.zeros_(value)
    average = Average(network, decay)
    for value in (*network.parameters(), network.running_mean, network.running_var):
        nn.init.ones_(value)
    for _ in range(steps):
        average.update(network)
    shadow = average.shadow
    for value in (*shadow.parameters(), shadow.running_mean, shadow.running_var):
        assert value.item() == pytest.approx(1 - decay**steps, abs=1e-12)


def test_whole_numbers_are_copied() -> None:
    network = nn.BatchNorm2d(1)
    average = Average(network, 0.9)
    network.num_batches_tracked.fill_(7)
    average.update(network)
    assert average.shadow.num_batches_tracked.item() == 7


def test_the_shadow_learns_nothing_and_evaluates() -> None:
    network = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    shadow = Average(network, 0.9).shadow
    assert not any(weight.requires_grad for weight in shadow.parameters())
    assert not shadow.training and network.training
    nn.init.ones_(network[0].weight)
    assert not torch.equal(shadow[0].weight, network[0].weight)


def test_the_shadow_draws_at_the_networks_level() -> None:
    network = Generator(latent=2, channels=2, size=16, level=0)
    average = Average(network, 0.9)
    assert average.shadow(torch.ones(1, 2)).shape[-1] == 4
    network.level = 1.5
    average.update(network)
    assert average.shadow(torch.ones(1, 2)).shape[-1] == 16
    assert average.shadow.level == 1.5
