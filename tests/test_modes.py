import pytest
import torch
from tiny import OPTIONS
from torch import nn

from img2img.base import draws
from img2img.base.adversarial import ADVERSARIAL
from img2img.base.trainer import Trainer
from img2img.config import UsageError
from img2img.images import Levels
from img2img.modes import MODES, find_mode, specified
from img2img.networks import build
from img2img.run.configuring import configured
from img2img.run.fitting import check_size

GRAY, RGB = Levels(channels=1), Levels(channels=3)


def made(mode, **options):
    drawn = {"data": {"size": 32}, "generator": {"latent": 4}, **options}
    given = drawn if mode in ("dcgan", "progressive") else {**OPTIONS, **options}
    x = RGB if mode == "srgan" else GRAY  # what is enlarged stays of its kind
    return configured(mode, given), MODES[mode].trainer(configured(mode, given), x, RGB)


@pytest.mark.parametrize("mode", MODES)
def test_every_mode_makes_a_game_whose_generators_its_view_knows(mode):
    _, game = made(mode)
    assert isinstance(game, Trainer)
    for name in MODES[mode].view.generators:
        generating = [player for player in game.players.values() if player.generates]
        assert any(game.get_submodule(name) in player.networks for player in generating)


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan"])
@pytest.mark.parametrize("name", ["unet", "resnet"])
def test_any_generator_serves_any_translating_mode(mode, name):
    _, game = made(mode, generator={"name": name, "channels": 4, "blocks": 1})
    assert type(game.G).__name__.lower() == name


@pytest.mark.parametrize("adversarial", ADVERSARIAL)
@pytest.mark.parametrize("mode", MODES)
def test_any_adversarial_loss_and_penalty_serve_any_mode(mode, adversarial):
    if (mode, adversarial) == ("progressive", "energy-based"):
        pytest.skip("no autoencoder grows: refused")
    judge = {"name": "autoencoder"} if adversarial == "energy-based" else {"layers": 1}
    judge |= {"channels": 4, "norm": "none"}
    for penalty in ("none", ["gp", "drift"], "r1"):
        options = {"adversarial": adversarial, "penalty": penalty, "discriminator": judge}
        config, game = made(mode, **options, n_critic=2)
        check_size(config)
        assert (game.penalty is None) == (penalty == "none")
        assert {player.steps.step for player in game.players.values()} == {1, 2}


def test_penalties_weigh_what_is_asked_for_and_add_up():
    critic, x = (lambda x: 3 * x.flatten(1).sum(1)), torch.ones(2, 1, 2, 2)  # slope 3 * 2
    options = {"penalty": ["r1", "drift"], "weights": {"r1": 4.0, "drift": 0.5}}
    _, game = made("dcgan", **options)
    assert game.penalty(critic, x, x).item() == pytest.approx(4 / 2 * 36 + 0.5 * 144)


def test_spectral_norm_is_on_discriminators_alone():
    _, game = made("cyclegan", discriminator={"spectral": True, "layers": 1, "channels": 4})
    marked = {name for name in game.state_dict() if "parametrizations" in name}
    assert {name.split(".")[0] for name in marked} == {"D_X", "D_Y"}
    _, again = made("cyclegan", discriminator={"spectral": True, "layers": 1, "channels": 4})
    assert all(v.equal(again.state_dict()[k]) for k, v in game.state_dict().items())


def test_the_real_targets_are_smoothed_and_d_sees_noise():
    options = {"smoothing": 0.1, "noise": 0.5, "noise_steps": 10, "layers": 1, "channels": 4}
    _, game = made("pix2pix", discriminator=options)
    assert game.gan.discriminator is not ADVERSARIAL["non-saturating"].discriminator
    x = torch.zeros(1, 4, 8, 8)
    draws.begin(draws.Position(0, 5))
    assert game.augment(x, None)[0].std().item() == pytest.approx(0.25, rel=0.2)


def test_what_is_recorded_of_a_network_builds_it_again():
    config, game = made("pix2pix")
    name, options = specified(config, "generator", in_channels=1, out_channels=3)
    again = build(name, options)
    assert isinstance(again, nn.Module)
    again.load_state_dict(game.G.state_dict())


def test_first_weights_follow_from_the_seed_and_the_name():
    (_, a), (_, b), (_, c) = made("cyclegan"), made("cyclegan"), made("cyclegan", seed=1)
    first = [next(network.parameters()).flatten()[0].item() for network in (a.G, b.G, c.G)]
    assert first[0] == first[1] != first[2]


def test_an_unknown_mode_is_named_with_those_known():
    with pytest.raises(UsageError, match=r"unknown mode 'pixpix'; choose from cyclegan, dcgan, pi"):
        find_mode("pixpix")
