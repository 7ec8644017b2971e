from typing import Any

import pytest
import torch
import toys
from torch import Tensor
from torch.nn.functional import logsigmoid

from img2img.base import draws
from img2img.base.adversarial import ADVERSARIAL, Adversarial
from img2img.base.penalties import PENALTIES
from img2img.base.runtime import Runtime
from img2img.base.trainer import fit
from img2img.trainers.pix2pix import Fake

RELATIVISTIC = Adversarial(  # Jolicoeur-Martineau 2019, equation 2
    discriminator=lambda real, fake: -logsigmoid(real.logits - fake.logits).mean(),
    generator=lambda fake, real: -logsigmoid(fake.logits - real.logits).mean(),
    relativistic=True,
)


def values(terms: Any) -> dict[str, float]:
    return {name: term.item() for name, term in terms}


def judgements(trainer: Any, pair: toys.Pictures, fake: Tensor) -> tuple[Tensor, Tensor]:
    """D(x, y) and D(x, G(x)), as probabilities of each patch."""
    both = (torch.cat([pair.x, y], 1) for y in (pair.y, fake))
    real, made = (1 / (1 + (-trainer.D(pictures)).exp()) for pictures in both)
    return real, made


def test_the_terms_are_the_papers() -> None:
    trainer = toys.pix2pix().eval()
    pair, fake = toys.batch(), toys.batch(step=1).y
    real, made = judgements(trainer, pair, fake)
    assert values(trainer.players["D"].losses(pair, Fake(fake))) == pytest.approx(
        {"D": -0.5 * (real.log().mean() + (1 - made).log().mean()).item()}, rel=1e-12
    )
    assert values(trainer.players["G"].losses(pair, Fake(fake))) == pytest.approx(
        {"GAN": -made.log().mean().item(), "L1": 100 * (fake - pair.y).abs().mean().item()},
        rel=1e-12,
    )


def test_every_weight_is_a_factor_of_its_term() -> None:
    pair, fake = toys.batch(), Fake(toys.batch(step=1).y)
    plain, heavy = toys.pix2pix().eval(), toys.pix2pix(l1=1.0, discriminator=2.0).eval()
    for player, factors in {"D": {"D": 4.0}, "G": {"GAN": 1.0, "L1": 0.01}}.items():
        before = values(plain.players[player].losses(pair, fake))
        after = values(heavy.players[player].losses(pair, fake))
        assert after == pytest.approx({k: before[k] * factors[k] for k in before}, rel=1e-12)


def test_the_fake_is_g_of_x() -> None:
    trainer, pair = toys.pix2pix().eval(), toys.batch()
    assert torch.equal(trainer(pair).y, trainer.G(pair.x))


def test_a_relativistic_loss_sees_the_real_pair_too() -> None:
    trainer = toys.pix2pix(gan=RELATIVISTIC).eval()
    pair, fake = toys.batch(), toys.batch(step=1).y
    real, made = (trainer.D(torch.cat([pair.x, y], 1)) for y in (pair.y, fake))
    found = values(trainer.players["G"].losses(pair, Fake(fake)))
    assert found["GAN"] == pytest.approx(-logsigmoid(made - real).mean().item())


@pytest.mark.parametrize("name", PENALTIES)
def test_a_penalty_is_on_the_pictures_of_y_under_their_condition(name: str) -> None:
    trainer = toys.pix2pix(penalty=PENALTIES[name]()).eval()
    pair, fake = toys.batch(), toys.batch(step=1).y
    draws.begin(draws.Position(0, 0))
    found = values(trainer.players["D"].losses(pair, Fake(fake)))
    draws.begin(draws.Position(0, 0))
    expected = PENALTIES[name]()(
        lambda y: trainer.D(torch.cat([pair.x, y], 1)), pair.y, fake
    ).item()
    assert found["penalty"] == pytest.approx(expected) and expected > 0


@pytest.mark.parametrize("name", ADVERSARIAL)
@pytest.mark.parametrize("penalty", [None, *PENALTIES])
def test_every_loss_and_penalty_plays(name: str, penalty: str | None) -> None:
    trainer = toys.pix2pix(
        gan=ADVERSARIAL[name], penalty=penalty and PENALTIES[penalty](), critic_steps=2
    )
    first, second = toys.played(trainer, 2)
    assert ("GAN" in first, "GAN" in second) == (False, True)
    assert torch.tensor([*second.values()]).isfinite().all()


def test_it_learns_one_pair_by_heart() -> None:
    trainer = toys.pix2pix(dropout=0.0)
    pair = toys.batch(1)
    pair = pair._replace(
        y=pair.x.repeat(1, 3, 1, 1) * torch.tensor([0.8, -0.8, 0.0])[:, None, None]
    )
    steps = fit(trainer, [pair] * 150, toys.optimizers(trainer, 0.01), Runtime("cpu"))
    losses = [step.losses["L1"].item() for step in steps]
    assert losses[-1] < losses[0] / 4
