import numpy as np
import pytest
import torch
from pytest import approx

from img2img.base.metrics.critic import critic_distance
from img2img.base.metrics.features import Features


def draw(count, d, seed):
    return np.random.default_rng(seed).standard_normal((count, d))


@pytest.mark.parametrize("shift", [-3, 1])
def test_two_shifted_gaussians_are_their_shift_apart(shift):
    rows = draw(1000, 1, 0)
    found = critic_distance(Features.of(draw(1000, 1, 1) + shift), Features.of(rows), steps=200)
    assert found == approx(abs(shift), rel=0.1)


def test_what_was_learned_by_heart_is_not_counted():
    fake, real = (Features.of(draw(20, 30, seed)) for seed in (0, 1))  # 10 points are 5 from 10
    assert abs(critic_distance(fake, real, steps=60)) < 1


def test_it_grows_with_the_unit_and_moves_with_nothing():
    fake, real = draw(80, 3, 0) + 1, draw(60, 3, 1)
    found = critic_distance(Features.of(fake), Features.of(real), steps=20)
    scaled = critic_distance(Features.of(fake * 10 + 5), Features.of(real * 10 + 5), steps=20)
    assert scaled == approx(10 * found, rel=1e-6)


def test_it_follows_from_the_seed_and_leaves_other_draws_alone():
    sets = Features.of(draw(40, 2, 0)), Features.of(draw(30, 2, 1))
    before = torch.random.get_rng_state()
    once, again, other = (critic_distance(*sets, steps=5, seed=seed) for seed in (0, 0, 1))
    assert once == again != other
    assert torch.equal(torch.random.get_rng_state(), before)


def test_how_a_set_was_split_changes_nothing():
    rows, real = draw(40, 2, 0), Features.of(draw(30, 2, 1))
    parts = Features.of(rows[25:], first=25) + Features.of(rows[:25])
    assert critic_distance(parts, real, steps=5) == critic_distance(
        Features.of(rows), real, steps=5
    )


def test_equal_pictures_are_0_apart():
    ones = Features.of(np.ones((4, 2)))
    assert critic_distance(ones, ones, steps=3) == approx(0, abs=1e-9)


def test_too_few_pictures_are_one_sentence():
    with pytest.raises(ValueError, match="1 fake pictures are too few; give 2 or more"):
        critic_distance(Features.of(draw(1, 2, 0)), Features.of(draw(9, 2, 0)))
