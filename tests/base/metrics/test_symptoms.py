from math import isnan

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from townscapes import townscapes

from img2img.base.draws import seeded
from img2img.base.metrics.symptoms import (
    blindness,
    certainty,
    diversity,
    drift,
    inversion,
    saturation,
)

SHARES = st.floats(0, 1)


def noise(*shape, seed=0):
    return torch.rand(shape, generator=seeded("noise", seed)) * 2 - 1


def test_saturation_counts_logits_beyond_4_on_both_sides():
    real, fake = torch.tensor([[4.1, 3.9], [4.0, -5]]), torch.tensor([0.0, -4.1, 9, 1])
    assert saturation(real, fake) == 4 / 8


@given(SHARES, SHARES)
def test_a_discriminator_is_not_certain_and_blind_at_once(real, fake):
    assert certainty(real, fake) + blindness(real, fake) <= 1 + 1e-12


def test_a_discriminator_at_its_ends():
    assert (certainty(1, 1), blindness(1, 1)) == (1, 0)
    assert (certainty(1, 0), blindness(1, 0)) == (0, 1)  # says "real" of everything
    assert (certainty(0, 1), blindness(0, 1)) == (0, 1)
    assert blindness(0.5, 0.5) == 0  # the fakes are good


@given(st.floats(0.01, 2))
def test_diversity_scales_with_the_outputs_and_not_with_their_mean(scale):
    pictures = noise(6, 3, 24, 24)
    assert diversity(pictures * scale + 0.3, pictures) == approx(scale, rel=1e-5)


def test_diversity_of_one_picture_is_0_and_of_nothing_to_compare_undefined():
    pictures = noise(4, 1, 16, 16)
    assert diversity(pictures[:1].expand(3, -1, -1, -1), pictures) == 0
    assert isnan(diversity(pictures, pictures[:1]))
    assert isnan(diversity(pictures[:1], pictures))
    assert isnan(diversity(pictures, torch.zeros(3, 1, 16, 16)))


def test_diversity_sees_8_by_8_means():
    pictures = noise(4, 2, 64, 64)
    means = torch.nn.functional.avg_pool2d(pictures, 8)
    assert diversity(means, pictures) == approx(1, rel=1e-6)


@given(st.floats(0.1, 3), st.floats(-1, 1), st.integers(1, 4))
def test_inversion_is_a_correlation(scale, shift, channels):
    x = noise(2, channels, 16, 16)
    assert inversion(x, scale * x + shift) == approx(1, abs=1e-5)
    assert inversion(x, shift - scale * x) == approx(-1, abs=1e-5)


def test_inversion_asks_the_target_where_there_is_one():
    x = noise(2, 1, 16, 16)
    assert inversion(x, -x, -x) == approx(1)
    assert inversion(x, x, -x) == approx(-1)


def test_inversion_weighs_red_green_and_blue_as_the_eye_does():
    luma = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
    x = noise(2, 3, 16, 16)
    assert inversion((x * luma).sum(1, keepdim=True), x) == approx(1)


def test_a_flat_picture_is_not_inverted():
    x = noise(2, 3, 16, 16)
    made = torch.stack([-x[0], torch.full_like(x[1], 0.5)])
    assert inversion(x, made) == approx(-0.5)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=4))
def test_drift_is_the_largest_shift_of_a_channel(shift):
    pictures = noise(3, len(shift), 8, 8)
    moved = pictures + torch.tensor(shift).view(-1, 1, 1)
    assert drift(moved, pictures) == approx(max(map(abs, shift)), abs=1e-6)


@pytest.mark.parametrize("figure", [diversity, drift])
def test_figures_of_sets_need_no_equal_counts(figure):
    assert figure(noise(5, 3, 16, 16), noise(3, 3, 16, 16)) > 0


def test_the_towns_maps_and_aerials_are_bright_in_the_same_places():
    assert inversion(townscapes("A"), townscapes("B")) > 0.5
