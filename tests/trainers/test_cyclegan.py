from typing import Any, NamedTuple

import pytest
import torch
import toys
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, logsigmoid

from img2img.base import draws
from img2img.base.adversarial import ADVERSARIAL, Adversarial
from img2img.base.penalties import PENALTIES
from img2img.base.runtime import Runtime
from img2img.base.trainer import fit
from img2img.trainers.cyclegan import Fakes, pooled

RELATIVISTIC = Adversarial(  # Jolicoeur-Martineau 2019, equation 2
    discriminator=lambda real, fake: -logsigmoid(real.logits - fake.logits).mean(),
    generator=lambda fake, real: -logsigmoid(fake.logits - real.logits).mean(),
    relativistic=True,
)


def values(terms: Any) -> dict[str, float]:
    return {name: term.item() for name, term in terms}


def scene(trainer: Any) -> tuple[toys.Pictures, Fakes]:
    """A batch of both domains, and fakes that are not the trainer's own."""
    x, y = toys.pictures_of(trainer)
    other = toys.pictures_of(trainer, step=1)
    return toys.Pictures(x, y), Fakes(other.x, other.y)


def test_the_terms_are_the_papers() -> None:
    trainer = toys.cyclegan(pool=0).eval()
    G, F, D_X, D_Y = trainer.G, trainer.F, trainer.D_X, trainer.D_Y
    (x, y), fake = scene(trainer)
    real = toys.Pictures(x, y)
    expected = {
        "GAN_G": ((D_Y(fake.y) - 1) ** 2).mean(),
        "GAN_F": ((D_X(fake.x) - 1) ** 2).mean(),
        "cycle_x": 10 * (F(fake.y) - x).abs().mean(),
        "cycle_y": 10 * (G(fake.x) - y).abs().mean(),
        "identity_y": 5 * (G(y) - y).abs().mean(),
        "identity_x": 5 * (F(x) - x).abs().mean(),
    }
    found = values(trainer.players["G"].losses(real, fake))
    assert found == pytest.approx(values(expected.items()), rel=1e-12)
    expected = {
        "D_Y": 0.5 * (((D_Y(y) - 1) ** 2).mean() + (D_Y(fake.y) ** 2).mean()),
        "D_X": 0.5 * (((D_X(x) - 1) ** 2).mean() + (D_X(fake.x) ** 2).mean()),
    }
    found = values(trainer.players["D"].losses(real, fake))
    assert found == pytest.approx(values(expected.items()), rel=1e-12)


def test_every_weight_is_a_factor_of_its_term() -> None:
    plain = toys.cyclegan(pool=0).eval()
    heavy = toys.cyclegan(pool=0, cycle=1.0, identity=10.0, discriminator=1.0).eval()
    for player in ("G", "D"):
        before = values(plain.players[player].losses(*scene(plain)))
        after = values(heavy.players[player].losses(*scene(heavy)))
        factors = {"cycle": 0.1, "identity": 2.0, "D": 2.0, "GAN": 1.0}
        assert after == pytest.approx(
            {key: before[key] * factors[key.split("_")[0]] for key in before}, rel=1e-12
        )


def test_identity_is_not_even_asked_for_at_weight_0() -> None:
    trainer = toys.cyclegan(identity=0.0)
    seen: list[int] = []
    for network in (trainer.G, trainer.F):
        network.register_forward_hook(lambda *_: seen.append(1))
    real, fake = scene(trainer)
    terms = values(trainer.players["G"].losses(real, fake))
    assert terms.keys() == {"GAN_G", "GAN_F", "cycle_x", "cycle_y"}
    assert len(seen) == 2


def test_the_fakes_are_translations_both_ways() -> None:
    trainer = toys.cyclegan().eval()
    real, _ = scene(trainer)
    made = trainer(real)
    assert torch.equal(made.y, trainer.G(real.x)) and torch.equal(made.x, trainer.F(real.y))


def test_a_relativistic_loss_sees_the_real_pictures_too() -> None:
    trainer = toys.cyclegan(gan=RELATIVISTIC, pool=0).eval()
    real, fake = scene(trainer)
    found = values(trainer.players["G"].losses(real, fake))
    for term, D, side in (("GAN_G", trainer.D_Y, "y"), ("GAN_F", trainer.D_X, "x")):
        made, true = D(getattr(fake, side)), D(getattr(real, side))
        assert found[term] == pytest.approx(-logsigmoid(made - true).mean().item())


def test_the_discriminators_judge_a_history_of_fakes() -> None:
    trainer = toys.cyclegan(pool=1).eval()
    draws.name_modules(trainer)
    real, fake = scene(trainer)
    for step in range(30):
        draws.begin(draws.Position(0, step, "D"))
        later = Fakes(*(side * 0 + step / 30 for side in fake))
        found = values(trainer.players["D"].losses(real, later))
        fresh = (
            0.5 * ((trainer.D_Y(real.y) - 1) ** 2).mean() + 0.5 * (trainer.D_Y(later.y) ** 2).mean()
        )
        if found["D_Y"] != pytest.approx(fresh.item(), rel=1e-9):
            return
    pytest.fail("thirty times the newest fakes")


def test_the_two_pools_draw_apart() -> None:
    trainer = toys.cyclegan(pool=4)
    draws.name_modules(trainer)
    assert trainer.pool_x.name != trainer.pool_y.name


@pytest.mark.parametrize("name", ADVERSARIAL)
@pytest.mark.parametrize("penalty", [None, *PENALTIES])
def test_every_loss_and_penalty_plays(name: str, penalty: str | None) -> None:
    trainer = toys.cyclegan(
        gan=ADVERSARIAL[name], penalty=penalty and PENALTIES[penalty](), critic_steps=2
    )
    first, second = toys.played(trainer, 2)
    assert ("cycle_x" in first, "cycle_x" in second) == (False, True)
    assert ("penalty_D_X" in first) == (penalty is not None)
    assert torch.tensor([*second.values()]).isfinite().all()


def test_it_learns_to_come_back_from_one_pair() -> None:
    trainer = toys.cyclegan(dropout=0.0)
    real, _ = scene(trainer)
    steps = fit(trainer, [real] * 150, toys.optimizers(trainer, 0.01), Runtime("cpu"))
    losses = [step.losses["cycle_x"].item() + step.losses["cycle_y"].item() for step in steps]
    assert losses[-1] < losses[0] / 2


class Masked(NamedTuple):
    """Pictures of which a part is hidden, in each domain another."""

    x: Tensor
    y: Tensor
    mask_x: Tensor
    mask_y: Tensor


def masked(trainer: Any, rows: int = 2) -> Masked:
    x, y = toys.pictures_of(trainer, rows)
    mask_x, mask_y = torch.ones_like(x[:, :1]), torch.ones_like(x[:, :1])
    mask_x[..., : toys.SIZE // 2, :], mask_y[..., toys.SIZE // 4 :] = 0, 0
    return Masked(x, y, mask_x, mask_y)


def test_errors_are_of_what_the_source_shows() -> None:
    trainer = toys.cyclegan(pool=0).eval()
    real, fake = masked(trainer), scene(trainer)[1]
    found = values(trainer.players["G"].losses(real, fake))
    half, quarter = toys.SIZE // 2, toys.SIZE // 4
    back = (trainer.F(fake.y) - real.x).abs()[:, :, half:]
    there = (trainer.G(fake.x) - real.y).abs()[..., :quarter]
    assert found["cycle_x"] == pytest.approx(10 * back.mean().item() / 2)
    assert found["cycle_y"] == pytest.approx(10 * there.mean().item() / 4)
    both = real.mask_x * real.mask_y  # holes of one domain alone would give the fakes away
    logits = trainer.D_Y(fake.y * both)
    expected = (adaptive_avg_pool2d(both, logits.shape[-2:]) * (logits - 1) ** 2).mean().item()
    assert found["GAN_G"] == pytest.approx(expected)


def test_an_older_fake_keeps_its_own_mask() -> None:
    trainer = toys.cyclegan(pool=3)
    draws.name_modules(trainer)
    swapped = 0
    for step in range(30):
        draws.begin(draws.Position(0, step, "D"))
        fakes = torch.full((1, 3, 4, 4), float(step))
        mask = torch.full((1, 1, 4, 4), step / 30)
        some, their = pooled(trainer.pool_y, fakes, mask)
        assert torch.allclose(their, some[:, :1] / 30)
        swapped += int((some != fakes).any())
    assert swapped > 5


def test_a_game_with_masks_goes_on_for_a_few_steps() -> None:
    trainer = toys.cyclegan(penalty=PENALTIES["r1"]())
    steps = list(fit(trainer, [masked(trainer)] * 3, toys.optimizers(trainer), Runtime("cpu")))
    assert torch.stack([*steps[-1].losses.values()]).isfinite().all()
    assert trainer.pool_y.images[0].shape[0] == 4
