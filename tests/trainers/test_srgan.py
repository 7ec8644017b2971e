from typing import Any, NamedTuple

import pytest
import torch
import toys
from torch import Tensor, nn
from torch.nn.functional import l1_loss, mse_loss, pixel_shuffle

from img2img.base import draws
from img2img.base.adversarial import ADVERSARIAL
from img2img.base.diffaugment import diff_augment
from img2img.base.penalties import PENALTIES
from img2img.base.runtime import Runtime
from img2img.base.trainer import fit
from img2img.trainers.srgan import SRGAN, STRIDE, Fake, cropped, total_variation

SCALE = 2


class Enlarger(nn.Module):
    """A convolution and a shuffle, from [0, 1] to [-1, 1]."""

    input_range, output_range, scale = (0.0, 1.0), (-1.0, 1.0), SCALE

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Conv2d(3, 3 * SCALE**2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        return pixel_shuffle(self.layer(x), SCALE)


class Both(NamedTuple):
    low: Tensor
    high: Tensor
    mask: Tensor | None = None


def pictures(step: int = 0) -> Both:
    high = toys.batch(step=step).y
    return Both(torch.nn.functional.avg_pool2d(high, SCALE), high)


def squared(fake: Tensor, real: Tensor) -> Tensor:
    return mse_loss(fake, real, reduction="none")


def features(fake: Tensor, real: Tensor) -> Tensor:
    return mse_loss(fake.diff(dim=-1), real.diff(dim=-1))


def srgan(**options: Any) -> SRGAN:
    chosen = {"pixels": squared, "features": features, **options}
    return SRGAN(toys.drawn(Enlarger(), "G"), toys.judge("D", 3, options.get("gan")), **chosen)


def values(terms: Any) -> dict[str, float]:
    return {name: term.item() for name, term in terms}


def test_the_terms_are_the_papers() -> None:
    game, batch = srgan(pixel=0.5, tv=0.1), pictures()
    fake = toys.batch(step=1).y
    real, made = (torch.sigmoid(game.D(it)) for it in (batch.high, fake))
    assert values(game.players["SRResNet"].losses(batch, Fake(fake))) == pytest.approx(
        {"pixel": (fake - batch.high).square().mean().item()}
    )
    assert values(game.players["D"].losses(batch, Fake(fake))) == pytest.approx(
        {"D": -(real.log().mean() + (1 - made).log().mean()).item()}
    )
    draws.begin(draws.Position(0, 7))
    seen = cropped(fake, batch.high)
    draws.begin(draws.Position(0, 7))
    assert values(game.players["G"].losses(batch, Fake(fake))) == pytest.approx(
        {
            "pixel": 0.5 * (fake - batch.high).square().mean().item(),
            "content": 0.006 * features(*seen).item(),
            "GAN": -1e-3 * made.log().mean().item(),
            "TV": 0.1 * total_variation(fake).item(),
        }
    )


def test_the_fake_is_g_of_low_in_its_own_ranges() -> None:
    game, batch = srgan(), pictures()
    assert torch.allclose(game(batch).high, game.G((batch.low + 1) / 2))
    assert game(batch).high.shape == batch.high.shape


def test_a_weight_of_none_leaves_a_term_out() -> None:
    game = srgan(features=None)
    assert [*values(game.players["G"].losses(pictures(), Fake(pictures().high)))] == ["GAN"]


def test_features_meet_every_phase_of_the_pixels_and_both_pictures_alike() -> None:
    rows = torch.arange(20.0)[:, None].expand(20, 20)[None, None]
    corners = set()
    for step in range(400):
        draws.begin(draws.Position(0, step))
        one, other = cropped(rows, rows.transpose(-1, -2))
        top, left = int(one[0, 0, 0, 0]), int(other[0, 0, 0, 0])
        assert one.shape == other.shape == (1, 1, 20 - top, 20 - left)
        corners.add((top, left))
    assert corners == {(top, left) for top in range(STRIDE) for left in range(STRIDE)}


def test_total_variation_of_a_ramp_is_its_slopes() -> None:
    rows, columns = torch.meshgrid(torch.arange(5.0), torch.arange(7.0), indexing="ij")
    assert total_variation((0.5 * rows + 0.25 * columns)[None, None]).item() == pytest.approx(0.75)


def test_the_warm_start_plays_alone_and_then_never_again() -> None:
    losses = toys.steps_of(srgan(pretrain_steps=2), [pictures(step) for step in range(4)])
    assert [[*each] for each in losses] == [["pixel"]] * 2 + [["D", "content", "GAN"]] * 2


def test_the_critics_steps_count_from_the_end_of_the_warm_start() -> None:
    game = srgan(pretrain_steps=3, critic_steps=2)
    losses = toys.steps_of(game, [pictures(step) for step in range(7)])
    assert ["GAN" in each for each in losses] == [False] * 4 + [True, False, True]
    assert ["D" in each for each in losses] == [False] * 3 + [True] * 4


def test_d_does_not_move_before_its_time() -> None:
    game, still = srgan(pretrain_steps=2), srgan()
    toys.steps_of(game, [pictures(step) for step in range(2)])
    assert toys.difference(game.D, still.D) == 0 < toys.difference(game.G, still.G)


@pytest.mark.parametrize("name", ADVERSARIAL)
@pytest.mark.parametrize("penalty", [None, *PENALTIES])
def test_every_loss_and_penalty_plays(name: str, penalty: str | None) -> None:
    game = srgan(gan=ADVERSARIAL[name], penalty=penalty and PENALTIES[penalty]())
    [losses] = toys.steps_of(game, [pictures()])
    assert ("penalty" in losses) == (penalty is not None)
    assert torch.tensor([*losses.values()]).isfinite().all()


def masked(step: int, hidden: float) -> Both:
    batch = pictures(step)
    mask = torch.ones_like(batch.high[:, :1])
    mask[..., toys.SIZE // 2 :] = 0
    high = torch.where(mask > 0, batch.high, hidden)
    return Both(batch.low, high, mask)


@pytest.mark.parametrize("penalty", [None, *PENALTIES])
@pytest.mark.parametrize("augment", [(), ("color", "translation", "cutout")])
def test_what_is_hidden_of_the_target_changes_no_weight(penalty, augment) -> None:
    weights = []
    for hidden in (0.0, 0.9):
        game = srgan(
            penalty=penalty and PENALTIES[penalty](), augment=diff_augment(augment),
            features=pointwise, pixel=1.0, pretrain_steps=1,
        )  # fmt: skip
        toys.steps_of(game, [masked(step, hidden) for step in range(3)])
        weights.append(game.state_dict())
    assert all(torch.equal(weights[0][key], weights[1][key]) for key in weights[0])


def pointwise(fake: Tensor, real: Tensor) -> Tensor:
    """Features of each pixel alone: others would see hidden neighbours of visible pixels."""
    return squared(fake, real).mean()


def test_it_learns_one_picture_by_heart() -> None:
    game, batch = (
        srgan(pretrain_steps=200, pixels=lambda a, b: l1_loss(a, b, reduction="none")),
        (pictures()),
    )
    smooth = torch.nn.functional.interpolate(batch.low, scale_factor=SCALE, mode="bilinear")
    same = Both(batch.low, smooth)
    steps = fit(game, [same] * 150, toys.optimizers(game, 0.01), Runtime("cpu"))
    losses = [step.losses["pixel"].item() for step in steps]
    assert losses[-1] < losses[0] / 4
