from math import exp, nan

import pytest
import torch

from img2img.lab.mixtures import MIXTURES, Mixture, coverage, grid, ring


@pytest.mark.parametrize("mixture", MIXTURES.values(), ids=MIXTURES)
def test_the_mixtures_own_samples_are_good_to_989_in_a_thousand(mixture):
    modes, good = coverage(mixture.sample(40_000, "test"), mixture)
    assert modes == len(mixture.means)
    assert good == pytest.approx(1 - exp(-4.5), abs=0.002)


def test_a_collapsed_set_covers_one_mode_and_is_good_all_the_same():
    mixture = ring()
    assert coverage(mixture.means[[3]].repeat(100, 1), mixture) == (1, 1.0)


def test_good_ends_at_three_deviations_of_the_nearest_mode():
    mixture = Mixture(torch.tensor([[0.0, 0.0], [10.0, 0.0]]), 1.0)
    samples = torch.tensor([[0.0, 2.99], [0.0, 3.01], [7.01, 0.0], [6.99, 0.0], [5.0, 0.0]])
    assert coverage(samples, mixture) == (2, pytest.approx(2 / 5))
    assert coverage(samples[[1, 3, 4]], mixture) == (0, 0.0)


def test_what_is_not_finite_is_not_good():
    assert coverage(torch.tensor([[nan, 0.0], [1.0, 0.0]]), ring()) == (1, 0.5)


def test_coverage_does_not_depend_on_the_scale():
    mixture = ring()
    samples = mixture.sample(1000, "test") * 1.05
    assert coverage(4 * samples, mixture.times(4)) == coverage(samples, mixture)


def test_the_ring_and_the_grid_stand_where_the_field_puts_them():
    torch.testing.assert_close(ring().means.norm(dim=1), torch.ones(8))
    assert torch.pdist(ring().means).min().item() == pytest.approx(0.7653669)  # 2 sin(pi / 8)
    expected = {(-4 + 2 * i, -4 + 2 * j) for i in range(5) for j in range(5)}
    assert {tuple(mean) for mean in grid().means.tolist()} == expected


def test_samples_follow_from_their_key():
    mixture = ring()
    assert torch.equal(mixture.sample(9, 1, 2), mixture.sample(9, 1, 2))
    assert not torch.equal(mixture.sample(9, 1, 2), mixture.sample(9, 1, 3))
