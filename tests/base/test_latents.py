import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from img2img.base.draws import seeded
from img2img.base.latents import along, angle_between, combined, lerp, slerp, stops, truncated

seeds = st.integers(0, 10_000)
times = st.floats(0, 1)


def z(seed, latent=5):
    return torch.randn(latent, generator=seeded(seed), dtype=torch.float64)


@given(a=seeds, b=seeds)
@pytest.mark.parametrize("between", [lerp, slerp])
def test_the_ends_are_exact(between, a, b) -> None:
    assert between(z(a), z(b), 0.0).equal(z(a))
    assert between(z(a), z(b), 1.0).equal(z(b))
    assert between(z(a).float(), z(b).float(), 1.0).equal(z(b).float())


@given(a=seeds, b=seeds, t=times)
def test_equal_norms_are_kept_on_the_arc_and_lost_on_the_chord(a, b, t) -> None:
    first, second = z(a), z(b) * (z(a).norm() / z(b).norm())
    assert slerp(first, second, t).norm().item() == pytest.approx(first.norm().item())
    assert lerp(first, second, t).norm() <= first.norm() * (1 + 1e-12)


@given(a=seeds, b=seeds, t=times)
def test_the_arc_is_walked_at_an_even_pace(a, b, t) -> None:
    assume(a != b)
    first, second = z(a) / z(a).norm(), z(b) / z(b).norm()
    walked, whole = angle_between(first, slerp(first, second, t)), angle_between(first, second)
    assert walked == pytest.approx(t * whole, abs=1e-9)


@given(a=seeds, b=seeds, t=times)
def test_there_and_back_is_the_same_way(a, b, t) -> None:
    for between in (lerp, slerp):
        there, back = between(z(a), z(b), t), between(z(b), z(a), 1 - t)
        assert torch.allclose(there, back, atol=1e-12)


def test_half_a_right_angle() -> None:
    made = slerp(torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), 0.5)
    assert made.tolist() == pytest.approx([0.5**0.5] * 2)


@given(a=seeds, t=times, factor=st.sampled_from([-2.0, 0.0, 0.5, 1.0]))
def test_parallel_vectors_go_the_straight_way(a, t, factor) -> None:
    assert slerp(z(a), factor * z(a), t).equal(lerp(z(a), factor * z(a), t))


@given(a=seeds, t=times, order=st.integers(-5, -1))
def test_single_precision_is_rounded_once_even_between_all_but_opposites(a, t, order) -> None:
    first = z(a).float()
    second = -first + 10.0**order * z(a + 1).float()
    exact = slerp(first.double(), second.double(), t)
    assert slerp(first, second, t).equal(exact.float())


@pytest.mark.parametrize(("closed", "rows"), [(False, 2 * 4 + 1), (True, 3 * 4)])
@pytest.mark.parametrize("between", [lerp, slerp])
def test_a_way_meets_every_key_where_stretches_share_it(between, closed, rows) -> None:
    keys = [z(seed) for seed in range(3)]
    way = along(keys, 5, between, closed=closed)
    assert way.shape == (rows, 5) and stops(3, 5, closed=closed) == rows
    for place, key in enumerate(keys):
        assert way[4 * place].equal(key)
    if closed:
        assert torch.allclose(way[-1], between(keys[2], keys[0], 0.75))


@pytest.mark.parametrize(("keys", "frames"), [(1, 5), (0, 5), (3, 1)])
def test_no_way_is_one_sentence(keys, frames) -> None:
    with pytest.raises(
        ValueError, match=f"^{frames} frames between {keys} points are no way; give"
    ):
        along([z(0)] * keys, frames)


def test_signs_are_those_of_the_operands() -> None:
    king, man, woman = (torch.tensor([float(n), 1.0]) for n in (7, 2, 3))
    assert combined([1, -1, 1], [king, man, woman]).tolist() == [8, 1]
    assert combined([-1], [man]).tolist() == [-2, -1]


@given(seed=seeds, threshold=st.floats(0.04, 4))
def test_truncation_bounds_what_lies_beyond_and_keeps_the_rest(seed, threshold) -> None:
    whole = z(seed, 40)
    cut = truncated(whole, threshold, seeded(seed, "again"))
    inside = whole.abs() <= threshold
    assert cut.abs().max() <= threshold and cut[inside].equal(whole[inside])
    assert cut.equal(truncated(whole, threshold, seeded(seed, "again")))
    assert whole.equal(z(seed, 40))  # not in place


def test_truncated_noise_has_the_variance_of_its_law() -> None:
    t = 1.0
    density, inside = np.exp(-t * t / 2) / np.sqrt(2 * np.pi), 0.6826894921370859
    cut = truncated(z(0, 200_000), t, seeded(1))
    assert cut.var().item() == pytest.approx(1 - 2 * t * density / inside, rel=0.01)
    assert cut.mean().abs() < 0.005


@pytest.mark.parametrize("threshold", [0.0, -1.0, 0.009, float("nan")])
def test_a_truncation_that_leaves_nothing_is_one_sentence(threshold) -> None:
    with pytest.raises(ValueError, match=r"leaves no noise; choose 0\.01 or more"):
        truncated(z(0), threshold, seeded(0))
