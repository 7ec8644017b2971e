from math import isnan, sqrt

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pytest import approx
from torch import nn
from townscapes import townscapes

from img2img.base.draws import seeded
from img2img.base.metrics.checkerboard import checkerboard, grid_power
from img2img.networks.upsampling import upsample


@settings(max_examples=20)
@given(arrays("float64", (4, 4), elements=st.floats(-1, 1)), st.sampled_from([32, 48, 64]))
def test_the_power_of_a_grid_is_its_variance(cell, size):
    pictures = torch.from_numpy(cell).repeat(2, 3, size // 4, size // 4)
    assert grid_power(pictures) == approx(cell.var(), abs=1e-12)


def test_a_brightness_a_ramp_or_a_wave_is_no_grid():
    at = torch.arange(64.0)
    for line in (torch.full((64,), 0.7), at / 64, torch.sin(at * 0.7), torch.sin(at * 2.5)):
        assert grid_power(line.expand(1, 1, 64, 64)) < 1e-4


def test_noise_is_a_grid_in_no_direction_on_the_mean():
    generator = seeded("noise")
    powers = [grid_power(torch.randn(1, 1, 64, 64, generator=generator)) for _ in range(400)]
    mean, deviation = torch.tensor(powers).mean(), torch.tensor(powers).std()
    assert abs(mean) < 3 * deviation / sqrt(400)
    assert deviation < 0.005  # of a variance of 1


@pytest.mark.parametrize("size", [32, 64, 66])
def test_a_grid_of_a_twentieth_is_found_on_the_town(size):
    real, other = townscapes("B", size=size), townscapes("B", size=size, split="test")
    chess = torch.tensor([[0.05, -0.05], [-0.05, 0.05]]).repeat(size // 2, size // 2)
    assert checkerboard(other + chess, real) == approx(0.05, abs=0.002)
    assert checkerboard(other, real) < 0.01
    assert checkerboard(real, other) < 0.01


def test_a_grid_that_real_pictures_have_is_no_fault():
    real = townscapes("B") + torch.tensor([0.05, -0.05]).repeat(32)
    assert checkerboard(real, real) == 0
    assert checkerboard(townscapes("B"), real) == 0


def test_transposed_convolutions_leave_a_grid_and_resizing_none():
    made = {}
    for kind in ("transpose", "nearest", "bilinear"):
        torch.manual_seed(0)
        layers = [upsample(kind, 8, 8, kernel=3, bias=True) for _ in range(2)]
        network = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), *layers).requires_grad_(False)
        values = network(townscapes("B", 8))
        made[kind] = values / values.std() / 3
    figures = {kind: checkerboard(v, torch.zeros(1, 8, 64, 64)) for kind, v in made.items()}
    assert figures["transpose"] > 0.05
    assert max(figures["nearest"], figures["bilinear"]) < 0.01


def test_a_grid_cannot_be_told_in_pictures_below_32_pixels():
    assert isnan(checkerboard(torch.zeros(1, 1, 31, 40), torch.ones(1, 1, 31, 40)))
