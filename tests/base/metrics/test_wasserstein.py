from math import isnan, pi, sqrt

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from kornia.filters import gaussian_blur2d
from pytest import approx
from scipy.stats import wasserstein_distance
from townscapes import townscapes

from img2img.base.draws import seeded
from img2img.base.metrics.patches import SIDE, Patches
from img2img.base.metrics.wasserstein import sliced_wasserstein


def noise(*shape, seed=0):
    return torch.rand(shape, generator=seeded("noise", seed)) * 2 - 1


def apart(a, b, **options):
    return sliced_wasserstein(Patches.of(a), Patches.of(b), **options)


@settings(max_examples=20)
@given(st.integers(1, 3), st.integers(1, 4), st.sampled_from([8, 20, 40]))
def test_it_is_0_for_equal_sets_and_symmetric(n, channels, size):
    a, b = noise(n, channels, size, size), noise(2, channels, size, size, seed=1)
    assert apart(a, a) == 0
    assert apart(a, b) == apart(b, a) > 0


@settings(max_examples=20)
@given(st.floats(-2, 2))
def test_a_constant_is_as_far_as_its_size(c):
    a = noise(2, 1, 16, 16) / 4
    assert apart(a, a + c) == approx(abs(c) * apart(a, a + 1), abs=1e-6)


@pytest.mark.parametrize(("channels", "size", "octaves"), [(1, 16, 1), (3, 16, 1), (2, 70, 3)])
def test_a_constant_over_all_channels_is_c_times_the_root_of_2_over_pi(channels, size, octaves):
    a = noise(2, channels, size, size) / 4
    expected = 0.5 * sqrt(2 / pi) / octaves  # only the last octave knows the mean
    assert apart(a, a + 0.5, directions=20_000) == approx(expected, rel=0.02)


def test_a_constant_moves_each_projection_by_its_own():
    c = torch.tensor([0.3, -0.1, 0.2])
    a = noise(3, 3, 16, 16) / 4
    u = torch.randn(128, 3 * SIDE**2, generator=seeded("directions", 0, 147), dtype=torch.float64)
    moved = (u / u.norm(dim=1, keepdim=True)) @ c.double().repeat_interleave(SIDE**2)
    assert apart(a, a + c.view(1, 3, 1, 1)) == approx(moved.abs().mean().item(), abs=1e-6)


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 3), (5, 4)])
def test_sets_of_unequal_counts_are_scipys_distance(n, m):
    a, b = (Patches.of(noise(count, 2, 16, 16, seed=count), count=7) for count in (n, m + 10))
    (p,), (q,) = a.octaves(), b.octaves()
    u = torch.randn(5, p.shape[1], generator=seeded("directions", 4, 98), dtype=torch.float64)
    units = (u / u.norm(dim=1, keepdim=True)).numpy()
    expected = np.mean([wasserstein_distance(p @ d, q @ d) for d in units])
    assert sliced_wasserstein(a, b, seed=4, directions=5) == approx(expected, rel=1e-12)


def test_the_order_of_the_pictures_does_not_matter():
    pictures = noise(4, 1, 32, 32)
    parts = [Patches.of(pictures[i : i + 1], first=i) for i in range(4)]
    other = Patches.of(noise(4, 1, 32, 32, seed=1))
    forward, backward = sum(parts, Patches()), sum(reversed(parts), Patches())
    assert sliced_wasserstein(forward, other) == sliced_wasserstein(backward, other)


def test_sets_that_cannot_be_compared_are_refused():
    a = noise(1, 3, 32, 32)
    with pytest.raises(ValueError, match=r"1 and 1 pictures of \[1, 3\] channels; compare some of"):
        apart(a, a[:, :1])
    with pytest.raises(ValueError, match=r"0 and 1 pictures"):
        sliced_wasserstein(Patches(), Patches.of(a))
    hidden = Patches.of(a, mask=torch.zeros(1, 1, 32, 32))
    assert isnan(sliced_wasserstein(hidden, Patches.of(a)))


def test_copying_the_input_is_far_worse_than_other_real_pictures():
    real, other = townscapes("B"), townscapes("B", split="test")
    assert apart(townscapes("A"), real) > 8 * apart(other, real)
    assert apart(townscapes("B"), townscapes("A")) > 8 * apart(
        townscapes("A", split="test"), townscapes("A")
    )


FAULTS = {
    "blurred by sigma": (
        lambda p, s: gaussian_blur2d(p, (9, 9), (s, s)), (0.5, 1, 2)
    ),
    "noise": (lambda p, s: p + s * torch.randn(p.shape, generator=seeded("n")), (0.05, 0.1, 0.2)),
    "colour": (lambda p, s: p + s * torch.tensor([1, -1, 0]).view(3, 1, 1), (0.05, 0.1, 0.2)),
    "less contrast": (lambda p, s: p * (1 - s), (0.2, 0.4, 0.8)),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_the_stronger_a_fault_the_farther(fault):
    real, other = townscapes("B"), townscapes("B", split="test")
    spoil, strengths = FAULTS[fault]
    distances = [apart(other, real), *(apart(spoil(other, s), real) for s in strengths)]
    assert distances == sorted(distances)
    assert distances[1] > 1.1 * distances[0] and distances[3] > 3 * distances[0]


def test_a_collapse_is_worse_than_real_pictures():
    real, other = townscapes("B"), townscapes("B", split="test")
    for collapsed in (other.mean(0, keepdim=True), other[:1]):
        assert apart(collapsed.expand_as(real), real) > 3 * apart(other, real)


def test_pictures_of_several_sizes_are_compared_in_what_all_have():
    many = Patches.of(noise(2, 3, 70, 66)) + Patches.of(noise(1, 3, 20, 40), first=2)
    assert [len(points) for points in many.octaves()] == [192]
    assert sliced_wasserstein(many, many) == 0
    bright = Patches.of(noise(2, 3, 70, 66) + 0.5) + Patches.of(noise(1, 3, 20, 40) + 0.5, first=2)
    assert sliced_wasserstein(many, bright) == approx(0.5 * sqrt(2 / pi), rel=0.15)
    large = Patches.of(noise(2, 3, 140, 140))
    assert sliced_wasserstein(large, many) == sliced_wasserstein(many, large) > 0
