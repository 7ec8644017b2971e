import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from img2img.base.draws import seeded
from img2img.base.metrics.patches import SIDE, Patches


def noise(*shape, seed=0):
    return torch.rand(shape, generator=seeded("noise", seed)) * 2 - 1


def equal(a, b):
    pairs = zip(a.octaves(), b.octaves(), strict=True)
    return all(p.shape == q.shape and (p == q).all() for p, q in pairs)


@settings(max_examples=20)
@given(st.permutations(range(5)), st.integers(1, 4), st.integers(1, 3))
def test_how_pictures_are_split_and_in_which_order_they_are_added_does_not_matter(
    order, cut, channels
):
    pictures = noise(5, channels, 33, 40)
    whole = Patches.of(pictures, seed=3, first=7)
    one_by_one = sum(
        (Patches.of(pictures[i : i + 1], seed=3, first=7 + i) for i in order), Patches()
    )
    halves = Patches.of(pictures[cut:], seed=3, first=7 + cut) + Patches.of(
        pictures[:cut], seed=3, first=7
    )
    assert equal(whole, one_by_one) and equal(whole, halves)


def test_the_global_state_of_torch_neither_matters_nor_changes():
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = Patches.of(noise(2, 1, 20, 20))
    assert torch.equal(before, torch.get_rng_state())
    torch.manual_seed(2)
    assert equal(first, Patches.of(noise(2, 1, 20, 20)))


def test_patches_lie_elsewhere_for_another_seed_picture_or_octave():
    picture = noise(1, 1, 64, 64)
    here = Patches.of(picture)
    assert not equal(here, Patches.of(picture, seed=1))
    assert not equal(here, Patches.of(picture, first=1))


def test_a_patch_is_a_square_of_its_picture():
    picture = torch.arange(3 * 20 * 25.0).view(1, 3, 20, 25) / 1500  # one octave: 20 < 2 * 16
    (points,) = Patches.of(picture, count=50).octaves()
    windows = picture[0].unfold(1, SIDE, 1).unfold(2, SIDE, 1)  # (C, h', w', 7, 7)
    there = windows.permute(1, 2, 0, 3, 4).flatten(2).flatten(0, 1)
    at = [(there == torch.from_numpy(p)).all(1).nonzero().item() for p in points]
    assert len(set(at)) > 30  # drawn from all 14 x 19 places
    assert min(at) < 40 and max(at) > 225


@pytest.mark.parametrize(
    ("size", "octaves"), [((7, 7), 1), ((31, 64), 1), ((32, 32), 2), ((256, 300), 5)]
)
def test_octaves_go_down_to_16_pixels(size, octaves):
    points = Patches.of(noise(2, 2, *size), count=3).octaves()
    assert [p.shape for p in points] == [(6, 2 * SIDE**2)] * octaves


def test_a_flat_picture_is_nothing_but_its_colour_in_the_last_octave():
    colour = torch.tensor([0.3, -0.6]).view(1, 2, 1, 1)
    *details, last = Patches.of(colour.expand(1, 2, 67, 130)).octaves()
    assert all(abs(points).max() < 1e-6 for points in details)
    assert last == pytest.approx(np.tile(np.repeat([0.3, -0.6], SIDE**2), (64, 1)), abs=1e-6)


def test_what_is_hidden_has_no_effect_and_no_patch():
    mask = torch.zeros(2, 1, 96, 96)
    mask[0, :, 10:80, 20:93] = 1
    mask[1, :, 50:, 30:60] = 1
    flat = torch.full((2, 3, 96, 96), 0.5)
    hidden = torch.where(mask.bool(), flat, torch.nan)
    shown = Patches.of(hidden, mask=mask)
    assert equal(shown, Patches.of(torch.where(mask.bool(), flat, noise(2, 3, 96, 96)), mask=mask))
    *details, last = shown.octaves()
    assert all(abs(points).max() < 1e-6 for points in details)
    assert last == pytest.approx(0.5, abs=1e-6)
    assert len(details[0]) == 128 and len(last) == 64  # 30 pixels are too few there


@pytest.mark.parametrize("edge", [33, 36, 37])
def test_what_is_hidden_does_not_leak_where_sizes_are_odd(edge):
    hidden = torch.full((1, 1, 67, 67), 0.5)
    hidden[..., edge:] = torch.nan  # weighs less than 1/1000 in some visible places
    shown = Patches.of(hidden, mask=hidden.isfinite()).octaves()
    assert all(np.isfinite(points).all() for points in shown)
    assert abs(shown[0]).max() < 1e-6


def test_a_mask_that_hides_nothing_changes_nothing():
    pictures = noise(3, 2, 50, 60)
    assert equal(Patches.of(pictures), Patches.of(pictures, mask=torch.ones(3, 1, 50, 60)))


def test_a_picture_that_is_hidden_has_no_patches():
    mask = torch.ones(2, 1, 20, 20)
    mask[0] = 0
    (points,) = Patches.of(noise(2, 1, 20, 20), mask=mask, count=9).octaves()
    assert len(points) == 9


def test_patches_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match=r"H and W >= 7, not \(1, 3, 6, 9\)"):
        Patches.of(noise(1, 3, 6, 9))
    with pytest.raises(ValueError, match=r"not \(3, 9, 9\)"):
        Patches.of(noise(3, 9, 9))
    with pytest.raises(ValueError, match=r"mask of \(2, 1, 9, 8\) does not fit"):
        Patches.of(noise(2, 3, 9, 9), mask=torch.ones(2, 1, 9, 8))
    with pytest.raises(ValueError, match="picture 1 is in both sets"):
        Patches.of(noise(2, 1, 9, 9)) + Patches.of(noise(1, 1, 9, 9), first=1)
