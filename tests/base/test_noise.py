import pytest
import torch
from torch import Tensor

from img2img.base import draws
from img2img.base.diffaugment import composed, translation, unchanged
from img2img.base.draws import Position
from img2img.base.noise import instance_noise

X = torch.rand(8, 3, 32, 32, generator=draws.seeded("x"), dtype=torch.float64) * 2 - 1


def noise(step: int, std: float = 0.5, mask: Tensor | None = None, **place: int) -> Tensor:
    draws.begin(Position(3, step, "D", **place))
    seen, same = instance_noise(std, 100)(X, mask)
    assert same is mask
    return seen - X


@pytest.mark.parametrize(("step", "std"), [(0, 0.5), (25, 0.375), (99, 0.005)])
def test_its_deviation_falls_linearly(step: int, std: float) -> None:
    added = noise(step)
    assert added.std().item() == pytest.approx(std, rel=0.02)
    assert abs(added.mean().item()) < 0.02 * std
    assert added.dtype == X.dtype


@pytest.mark.parametrize("step", [100, 1000])
def test_from_its_last_step_on_there_is_none(step: int) -> None:
    draws.begin(Position(3, step))
    seen, _ = instance_noise(0.5, 100)(X, None)
    assert seen is X


def test_no_deviation_is_the_identity() -> None:
    assert instance_noise(0.0, 100) is unchanged


def test_hidden_pixels_get_none() -> None:
    mask = torch.ones(8, 1, 32, 32, dtype=torch.float64)
    mask[..., 16:] = 0
    added = noise(0, mask=mask)
    assert not added[..., 16:].any() and (added[..., :16] != 0).all()
    assert torch.equal(added[..., :16], noise(0)[..., :16])


def test_real_and_made_get_noise_of_their_own_and_a_place_always_the_same() -> None:
    augment = instance_noise(0.5, 100)
    draws.begin(Position(3, 7, "D"))
    real, fake = augment(X, None)[0], augment(X, None)[0]
    assert (real - fake).abs().min() > 0
    assert torch.equal(real - X, noise(7)) and not torch.equal(noise(7), noise(8))


def test_the_shares_see_the_rows_of_the_whole() -> None:
    whole = noise(7)
    augment = instance_noise(0.5, 100)
    for share, part in enumerate(X.chunk(4)):
        draws.begin(Position(3, 7, "D", share, 4))
        assert torch.equal(augment(part, None)[0] - part, whole[2 * share :][:2])


def test_composed_is_one_after_the_other_with_the_mask() -> None:
    mask = torch.ones(8, 1, 32, 32, dtype=torch.float64)
    augment = instance_noise(0.5, 100)
    draws.begin(Position(3, 7, "D"))
    found = composed(translation, augment)(X, mask)
    draws.begin(Position(3, 7, "D"))
    expected = augment(*translation(X, mask))
    assert all(torch.equal(one, other) for one, other in zip(found, expected, strict=True))
    assert not found[1].all()  # so that what came from outside has no noise either
    assert not (found[0] * (1 - found[1])).any()
    assert composed()(X, None) == (X, None)
