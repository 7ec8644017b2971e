from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
import torch
import toys
from torch import Tensor, nn

from img2img.base import draws
from img2img.base.adversarial import (
    ADVERSARIAL,
    LEAST_SQUARES,
    NON_SATURATING,
    RELATIVISTIC,
    Adversarial,
)
from img2img.base.diffaugment import diff_augment
from img2img.base.ema import Average
from img2img.base.fading import faded
from img2img.base.judgement import Judgement
from img2img.base.norms import BatchNorm
from img2img.base.penalties import PENALTIES, r1
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, Step, fit
from img2img.base.unconditional import Samples, Unconditional


def values(terms: Any) -> dict[str, float]:
    return {name: term.item() for name, term in terms}


@pytest.mark.parametrize("gan", [NON_SATURATING, LEAST_SQUARES, RELATIVISTIC])
def test_the_terms_are_the_papers(gan: Adversarial) -> None:
    trainer = toys.unconditional(gan=gan, penalty=r1(), discriminator=0.25).eval()
    batch = toys.pictures_of(trainer)
    fake = Samples(toys.batch(step=1).y)
    on_real, on_fake = Judgement(trainer.D(batch.y)), Judgement(trainer.D(fake.x))
    batch = batch._replace(x=batch.y)
    found = values(trainer.players["D"].losses(batch, fake))
    assert found["D"] == pytest.approx(0.25 * gan.discriminator(on_real, on_fake).item())
    x = batch.x.clone().requires_grad_()
    [slope] = torch.autograd.grad(trainer.D(x).sum(), x)
    assert found["penalty"] == pytest.approx(0.25 * 5 * slope.square().sum().item() / len(x))
    assert values(trainer.players["G"].losses(batch, fake)) == pytest.approx(
        {"G": gan.generator(on_fake, on_real).item()}
    )


def test_the_noise_is_the_steps_own() -> None:
    seen: list[Tensor] = []
    trainer = toys.unconditional()
    trainer.G.register_forward_pre_hook(lambda _, z: seen.append(z[0]))
    batch = toys.pictures_of(trainer)
    list(fit(trainer, [batch] * 2, toys.descending(trainer), Runtime("cpu")))
    draws.begin(draws.Position(0, 1, "fakes"))
    expected = draws.normal("z", (2, 6)).double()
    assert len(seen) == 2 and not torch.equal(*seen)
    assert torch.equal(seen[1], expected)


@pytest.mark.parametrize("name", ADVERSARIAL)
@pytest.mark.parametrize("penalty", [None, *PENALTIES])
def test_every_loss_and_penalty_plays(name: str, penalty: str | None) -> None:
    trainer = toys.unconditional(gan=ADVERSARIAL[name], penalty=penalty and PENALTIES[penalty]())
    [losses] = toys.played(trainer, 1)
    assert losses.keys() == {"D", "G", *(["penalty"] if penalty else [])}
    assert torch.tensor([*losses.values()]).isfinite().all()


class Seeing(nn.Module):
    """A D with batch norm that remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Tensor] = []
        self.layers = nn.Sequential(nn.Conv2d(3, 2, 16), BatchNorm(2), nn.Flatten())

    def forward(self, x: Tensor) -> Tensor:
        self.shown.append(x.detach())
        return self.layers(x).mean(1)


def test_judges_see_real_and_made_pictures_in_batches_of_their_own() -> None:
    trainer = toys.unconditional()
    trainer.D = toys.drawn(Seeing(), "D")
    real, fake = toys.batch(4).y, 3 + toys.batch(4, step=1).y
    batch = toys.Pictures(real, real)
    terms = dict(trainer.players["D"].losses(batch, Samples(fake)))
    shown = trainer.D.shown
    assert len(shown) == 2 and torch.equal(shown[0], real) and torch.equal(shown[1], fake)
    # each is normalised by its own batch, whose mean logit is then 0 and tells nothing
    apart = [trainer.D(it) for it in (real, fake)]
    mixed = trainer.D(torch.cat([real, fake])).chunk(2)
    assert all(logits.mean().abs() < 1e-12 for logits in apart)
    assert all(logits.mean().abs() > 0.1 for logits in mixed)
    expected = NON_SATURATING.discriminator(*(Judgement(logits) for logits in apart))
    torch.testing.assert_close(terms["D"], expected, rtol=1e-12, atol=0)


class Point(nn.Module):
    """Draws one colour; only its mean can be learnt."""

    def __init__(self) -> None:
        super().__init__()
        self.mean = nn.Parameter(torch.zeros(3))

    def forward(self, z: Tensor) -> Tensor:
        return (self.mean + 0.1 * z)[:, :, None, None]


def test_the_game_finds_the_pictures_mean() -> None:
    goal = torch.tensor([0.5, -0.3, 0.8])
    D = nn.Sequential(nn.Flatten(), nn.Linear(3, 16), nn.LeakyReLU(0.2), nn.Linear(16, 1))
    torch.manual_seed(0)
    D = D.apply(lambda m: m.reset_parameters() if isinstance(m, nn.Linear) else None)
    trainer = Unconditional(Point(), D, latent=3, penalty=r1(1.0))
    batches = [
        toys.Pictures(*[goal[:, None, None] + 0.1 * torch.randn(32, 3, 1, 1)] * 2)
        for _ in range(300)
    ]
    list(fit(trainer, batches, toys.optimizers(trainer, 0.01), Runtime("cpu")))
    torch.testing.assert_close(trainer.G.mean.detach(), goal, rtol=0, atol=0.1)


def pictures(first: int, steps: int) -> list[toys.Pictures]:
    return [
        toys.Pictures(x.repeat(1, 3, 1, 1), y)
        for x, y in (toys.batch(8, number) for number in range(first, steps))
    ]


def grown(
    trainer: Unconditional, optimizers: dict[str, Optimizer], first: int = 0, steps: int = 14
) -> Iterator[Step]:
    return fit(trainer, pictures(first, steps), optimizers, Runtime("cpu"), first=first)


def test_both_networks_grow_by_the_step_and_d_sees_pictures_that_fade_alike() -> None:
    seen: list[Tensor] = []
    trainer = toys.growing()
    trainer.D.register_forward_pre_hook(lambda _, x: seen.append(x[0].detach()))
    for step in grown(trainer, toys.optimizers(trainer)):
        level = toys.GROWTH.level(step.number)
        assert trainer.G.level == trainer.D.level == level
        real, fake, mixed, *_ = seen
        assert torch.equal(real, faded(step.batch.x, level))
        assert torch.equal(fake, step.fakes.x)
        assert mixed.shape == real.shape == (8, 3, *[toys.GROWTH.resolution(step.number)] * 2)
        seen.clear()
    assert level == 2


def test_a_layer_stays_as_it_was_made_until_its_level_begins_to_fade_in() -> None:
    trainer = toys.growing()
    optimizers = toys.optimizers(trainer)
    made = deepcopy(trainer.state_dict())
    for step in grown(trainer, optimizers):
        level, state = toys.GROWTH.level(step.number), trainer.state_dict()
        for key, weight in state.items():
            _, _, layer, *_ = key.split(".")
            if int(layer) >= level + 1:
                assert torch.equal(weight, made[key])
            elif "rgb" not in key and key.endswith("weight"):
                assert not torch.equal(weight, made[key])


@pytest.mark.parametrize("first", [2, 4, 7, 9])
def test_a_run_resumed_in_the_middle_of_a_fade_is_equal_to_the_bit(first: int) -> None:
    def states(*parts: Any) -> list[Any]:
        trainer, average, optimizers = parts
        algorithms = [optimizer.algorithm for optimizer in optimizers.values()]
        return [trainer, average, *algorithms]

    def played(*parts: Any, first: int, steps: int) -> None:
        trainer, average, optimizers = parts
        for _ in grown(trainer, optimizers, first, steps):
            average.update(trainer.G)

    def started(seed: int) -> tuple[Any, ...]:
        trainer = toys.growing(seed=seed)
        return trainer, Average(trainer.G, 0.9), toys.optimizers(trainer, 1e-3)

    whole, stopped, resumed = started(0), started(0), started(1)
    played(*whole, first=0, steps=12)
    played(*stopped, first=0, steps=first)
    for old, new in zip(states(*stopped), states(*resumed), strict=True):
        new.load_state_dict(deepcopy(old.state_dict()))
    played(*resumed, first=first, steps=12)
    for one, other in zip(states(*whole), states(*resumed), strict=True):
        torch.testing.assert_close(other.state_dict(), one.state_dict(), rtol=0, atol=0)
    assert whole[1].shadow.level == toys.GROWTH.level(11)
    z = torch.ones(1, 6).double()
    assert torch.equal(resumed[1].shadow(z), whole[1].shadow(z))


def test_more_critic_steps_and_augmentation_go_on_while_it_grows() -> None:
    augment = diff_augment(["color", "translation", "cutout"])
    trainer = toys.growing(critic_steps=2, augment=augment, gan=RELATIVISTIC)
    terms = [[*step.losses] for step in grown(trainer, toys.optimizers(trainer))]
    assert terms == [["D", "penalty"], ["D", "penalty", "G"]] * 7
