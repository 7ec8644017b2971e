import pytest
import torch
from torch import Tensor
from torch.nn.functional import pad

from img2img.base import draws
from img2img.base.diffaugment import STEPS, diff_augment
from img2img.base.draws import Position, seeded

PLACE = Position(7, 40, "D")


def pictures(rows: int = 64, channels: int = 3, height: int = 16, width: int = 24) -> Tensor:
    """Noise in [-1, 1] that is nowhere 0."""
    noise = torch.rand(
        rows, channels, height, width, generator=seeded("x"), dtype=torch.float64
    ).mul(0.9)
    return noise + 0.1


def augmented(policy, images, mask=None, place=PLACE):
    draws.begin(place)
    return diff_augment(policy)(images, mask)


def test_of_no_step_is_the_identity():
    x, mask = pictures(2), torch.ones(2, 1, 16, 24)
    seen, same = augmented((), x, mask)
    assert seen is x and same is mask
    assert augmented((), x) == (x, None)


def test_an_unknown_step_is_named():
    with pytest.raises(ValueError, match="unknown augmentation 'colour'; choose from color, trans"):
        diff_augment(["colour"])


def test_colours_are_the_papers_brightness_saturation_and_contrast():
    x = pictures(400, height=4, width=6)
    seen, _ = augmented(["color"], x)
    # what each step leaves: the mean moves by brightness alone; then two scales, told apart by gray
    brightness = (seen - x).mean((1, 2, 3))
    gray, grays = (p.mean(1, keepdim=True) for p in (x, seen))
    contrast = (grays - grays.mean((1, 2, 3), True)) / (gray - gray.mean((1, 2, 3), True))
    saturation = (seen - grays) / (x - gray) / contrast
    for found, low, high in ((brightness, -0.5, 0.5), (contrast, 0.5, 1.5), (saturation, 0, 2)):
        each = found.flatten(1) if found.ndim > 1 else found[:, None]
        assert (each.amax(1) - each.amin(1)).max() < 1e-6  # one number a picture
        drawn = each[:, 0]
        assert drawn.min() >= low and drawn.max() <= high
        assert drawn.min() < low + 0.05 * (high - low) and drawn.max() > high - 0.05 * (high - low)
    three = torch.stack([brightness, contrast[:, 0, 0, 0], saturation[:, 0, 0, 0]])
    assert (torch.corrcoef(three) - torch.eye(3)).abs().max() < 0.2


@pytest.mark.parametrize("channels", [1, 6])
def test_any_number_of_channels(channels):
    x = pictures(3, channels)
    seen, _ = augmented([*STEPS], x)
    assert seen.shape == x.shape and seen.dtype == x.dtype and not torch.equal(seen, x)


def test_translation_shifts_each_picture_by_up_to_an_eighth_and_brings_in_zeros():
    rows, columns = torch.meshgrid(torch.arange(1, 17), torch.arange(1, 21), indexing="ij")
    places = torch.stack([rows, columns]).expand(200, -1, -1, -1)
    seen, _ = augmented(["translation"], places)
    middle = torch.tensor([8, 10])  # is never lost
    shifts = (middle - seen[:, :, 7, 9]).tolist()
    for after, (down, right) in zip(seen, shifts, strict=True):
        assert torch.equal(after, pad(places[0], (right, -right, down, -down)))
    assert {down for down, _ in shifts} == set(range(-2, 3))
    assert {right for _, right in shifts} == set(range(-3, 4))


def test_cutout_is_a_hole_of_half_each_side_anywhere():
    x = pictures(400)
    seen, _ = augmented(["cutout"], x)
    hole = (seen == 0).all(1)
    assert torch.equal(seen, x * ~hole[:, None])
    rows, columns = hole.any(2), hole.any(1)
    assert torch.equal(hole, rows[:, :, None] & columns[:, None, :])
    for lines, side in ((rows, 8), (columns, 12)):
        counts = lines.sum(1)
        assert counts.max() == side and counts.min() == side // 2  # half of it outside, at most
        assert (lines.int().diff(dim=1) != 0).sum(1).max() <= 2  # without a gap
    assert hole.any(0).all()


def test_a_mask_goes_where_the_picture_goes_and_loses_what_came_from_outside():
    x = pictures(30)
    seen, mask = augmented(["translation"], x, torch.ones(30, 1, 16, 24))
    assert torch.equal(mask.bool(), (seen != 0).any(1, keepdim=True))
    places = x[:, :1].clone()
    seen, mask = augmented(["color", "translation", "cutout"], x, places)
    moved, _ = augmented(["translation"], places)
    assert torch.equal(mask, moved)  # by colours and holes unchanged
    assert not torch.equal(seen[:, :1], moved)


def test_real_and_fake_are_augmented_apart_and_a_place_always_alike():
    x, augment = pictures(8), diff_augment([*STEPS])
    draws.begin(PLACE)
    real, fake = augment(x, None)[0], augment(x, None)[0]
    assert not torch.equal(real, fake)
    assert torch.equal(augmented([*STEPS], x)[0], real)
    assert not torch.equal(augmented([*STEPS], x, place=PLACE._replace(step=41))[0], real)


def test_the_shares_see_the_rows_of_the_whole():
    x = pictures(8)
    whole, _ = augmented([*STEPS], x)
    parts = [
        augmented([*STEPS], part, place=PLACE._replace(share=share, shares=4))[0]
        for share, part in enumerate(x.chunk(4))
    ]
    torch.testing.assert_close(torch.cat(parts), whole, rtol=0, atol=0)


@pytest.mark.parametrize("policy", [[name] for name in STEPS] + [[*STEPS]])
def test_gradients_flow_once_and_twice(policy):
    x = pictures(2, 3, 4, 6).requires_grad_()

    def seen(x: Tensor) -> Tensor:
        return augmented(policy, x)[0]

    assert torch.autograd.gradcheck(seen, x)
    assert torch.autograd.gradgradcheck(lambda x: seen(x).square(), x)  # as penalties need
