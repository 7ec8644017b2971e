from typing import Any, NamedTuple

import pytest
import torch
import toys
from torch import Tensor
from torch.nn.functional import logsigmoid

from img2img.base import draws
from img2img.base.adversarial import ADVERSARIAL, Adversarial
from img2img.base.diffaugment import diff_augment
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
    with torch.no_grad():
        trainer.D.layers[-1].weight *= 100  # slopes above 1, which cost under every penalty
    pair, fake = toys.batch(), toys.batch(step=1).y
    draws.begin(draws.Position(0, 0))
    found = values(trainer.players["D"].losses(pair, Fake(fake)))
    draws.begin(draws.Position(0, 0))
    expected = PENALTIES[name]()(
        lambda y: trainer.D(torch.cat([pair.x, y], 1)), pair.y, fake
    ).item()
    expected *= trainer.discriminator  # as the rest of D's loss
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


class Masked(NamedTuple):
    """A pair whose right half is hidden."""

    x: Tensor
    y: Tensor
    mask: Tensor


def masked(step: int = 0, hidden: float = 0.0) -> Masked:
    pair = toys.batch(step=step)
    mask = torch.ones_like(pair.x)
    mask[..., toys.SIZE // 2 :] = 0
    return Masked(pair.x, torch.where(mask > 0, pair.y, pair.y * 0 + hidden), mask)


@pytest.mark.parametrize("penalty", [None, *PENALTIES])
@pytest.mark.parametrize("augment", [(), ("color", "translation", "cutout")])
def test_what_is_hidden_of_the_target_changes_no_weight(
    penalty: str | None, augment: tuple[str, ...]
) -> None:
    weights = []
    for hidden in (0.0, 0.9, -0.7):
        trainer = toys.pix2pix(
            penalty=penalty and PENALTIES[penalty](), augment=diff_augment(augment)
        )
        pairs = [masked(step, hidden) for step in range(3)]
        list(fit(trainer, pairs, toys.optimizers(trainer, 0.01), Runtime("cpu")))
        weights.append(trainer.state_dict())
    assert all(torch.equal(weights[0][key], other[key]) for other in weights[1:] for key in other)


def test_what_is_shown_of_the_target_does_change_them() -> None:
    weights = []
    for flip in (1, -1):
        trainer, pair = toys.pix2pix(), masked()
        pairs = [pair._replace(y=pair.y * flip)]
        list(fit(trainer, pairs, toys.optimizers(trainer, 0.01), Runtime("cpu")))
        weights.append(trainer.G.state_dict())
    assert any(not torch.equal(weights[0][key], weights[1][key]) for key in weights[0])


def test_labels_are_asked_for_by_class_instead_of_by_distance() -> None:
    trainer = toys.pix2pix(l1=0.0, cross_entropy=2.0, class_weights=torch.tensor([1.0, 2.0, 3.0]))
    x, y = toys.batch()
    y = torch.where(y == y.amax(1, keepdim=True), 1.0, -1.0)
    fake = toys.batch(step=1).y
    terms = values(trainer.players["G"].losses(toys.Pictures(x, y), Fake(fake)))
    chosen = (5 * fake).softmax(1).log() * (y > 0) * torch.tensor([1.0, 2.0, 3.0])[:, None, None]
    assert terms.keys() == {"GAN", "CE"}
    assert terms["CE"] == pytest.approx(-2 * chosen.sum(1).mean().item())
    assert "class_weights" not in trainer.state_dict()
