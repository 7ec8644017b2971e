from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from img2img.base import draws
from img2img.base.penalties import (
    PENALTIES,
    drift,
    gradient_penalty,
    lipschitz_penalty,
    r1,
    r2,
    slopes,
    together,
)
from img2img.networks.patchgan import PatchGAN

SHAPE = (2, 3, 4, 4)


def pictures(seed: int) -> Tensor:
    return torch.rand((5, *SHAPE[1:]), generator=draws.seeded(seed), dtype=torch.float64)


def linear(weights: Tensor) -> Callable[[Tensor], Tensor]:
    """A critic whose gradient is `weights` everywhere."""
    return lambda x: (x * weights).flatten(1).sum(1, keepdim=True)


@pytest.mark.parametrize("weight", [10.0, 0.5])
def test_a_linear_critics_penalty_is_a_closed_form(weight: float) -> None:
    w = torch.randn(SHAPE[1:], generator=draws.seeded(0), dtype=torch.float64)
    length = w.square().sum().sqrt()  # over all axes of a picture
    real, fake = pictures(1), pictures(2)
    draws.begin(draws.Position(0, 0))
    found = gradient_penalty(weight)(linear(w), real, fake)
    torch.testing.assert_close(found, weight * (length - 1) ** 2, rtol=1e-13, atol=0)
    for penalty in (r1, r2):
        found = penalty(weight)(linear(w), real, fake)
        torch.testing.assert_close(found, weight / 2 * length**2, rtol=1e-13, atol=0)
    found = drift(weight)(linear(w), real, fake)
    expected = weight * (real * w).sum((1, 2, 3)).square().mean()
    torch.testing.assert_close(found, expected, rtol=1e-13, atol=0)


@pytest.mark.parametrize("length", [0.3, 0.99, 1.01, 4.0])
def test_the_one_sided_penalty_is_nothing_below_1_and_the_two_sided_above(length: float) -> None:
    w = torch.randn(SHAPE[1:], generator=draws.seeded(0), dtype=torch.float64)
    critic = linear(w / w.norm() * length)
    draws.begin(draws.Position(0, 0))
    one, two = (
        penalty(3.0)(critic, pictures(1), pictures(2)).item()
        for penalty in (lipschitz_penalty, gradient_penalty)
    )
    assert two == pytest.approx(3 * (length - 1) ** 2)
    assert one == (pytest.approx(two, rel=1e-9) if length > 1 else 0)


def test_one_sided_is_so_for_each_sample() -> None:
    real = fake = torch.tensor([[0.1], [2.0]], dtype=torch.float64)
    draws.begin(draws.Position(0, 0))
    found = lipschitz_penalty(1.0)(lambda x: x.square(), real, fake)  # slopes 0.2 and 4
    assert found.item() == pytest.approx(3.0**2 / 2)


def test_several_penalties_add_up_and_none_is_none() -> None:
    w = torch.randn(SHAPE[1:], generator=draws.seeded(0), dtype=torch.float64)
    real, fake = pictures(1), pictures(2)
    several = [r1(2.0), r2(3.0), drift(0.5)]
    both = together(several)
    assert both is not None and together([]) is None
    expected = sum(each(linear(w), real, fake).item() for each in several)
    assert both(linear(w), real, fake).item() == pytest.approx(expected)


def test_a_samples_slope_is_its_mean_logits_and_knows_no_other_sample() -> None:
    x = pictures(1)
    found = slopes(lambda x: x.square(), x)  # a "patch" for each value
    torch.testing.assert_close(found, (2 * x / x[0].numel()).square().flatten(1).sum(1))


def test_gradient_penalty_looks_between_real_and_fake_and_the_others_at_one() -> None:
    seen: list[Tensor] = []

    def critic(x: Tensor) -> Tensor:
        seen.append(x.detach())
        return x.flatten(1).sum(1)

    real, fake = pictures(1), pictures(2)
    draws.begin(draws.Position(0, 0))
    gradient_penalty()(critic, real, fake)
    share = (seen[0] - fake) / (real - fake)
    one_each = share.flatten(1).mean(1)
    torch.testing.assert_close(share, one_each[:, None, None, None].expand_as(share))
    assert ((one_each >= 0) & (one_each < 1)).all() and len(set(one_each.tolist())) == 5
    r1()(critic, real, fake)
    r2()(critic, real, fake)
    assert torch.equal(seen[1], real) and torch.equal(seen[2], fake)


@pytest.mark.parametrize("name", PENALTIES)
def test_the_second_order_gradient_reaches_the_critics_weights(name: str) -> None:
    torch.manual_seed(0)
    critic = PatchGAN(channels=4, layers=1, norm="instance").double()
    with torch.no_grad():
        critic.layers[-1].weight *= 100  # slopes above 1, which cost under every penalty
    real, fake = (p[:, :, :4, :4].repeat(1, 1, 4, 4) for p in (pictures(1), pictures(2)))

    def penalty() -> Tensor:
        draws.begin(draws.Position(0, 0))
        return PENALTIES[name]()(critic, real, fake)

    weight = critic.layers[0].weight
    penalty().backward()
    slope = weight.grad[0, 0, 0, 0].item()
    values = []
    for step in (1e-5, -2e-5):
        weight.data[0, 0, 0, 0] += step
        values.append(penalty().item())
    assert abs(slope) > 1e-6
    assert slope == pytest.approx((values[0] - values[1]) / 2e-5, rel=1e-5)


def test_a_penalty_leaves_the_pictures_as_they_are() -> None:
    real, fake = pictures(1), pictures(2).requires_grad_()
    draws.begin(draws.Position(0, 0))
    w = torch.ones(SHAPE[1:], dtype=torch.float64, requires_grad=True)
    (gradient_penalty()(linear(w), real, fake) + r1()(linear(w), real, fake)).backward()
    assert fake.grad is None and not real.requires_grad and w.grad is not None
