import pytest
from tiny import OPTIONS
from torch import nn

from img2img.base.trainer import Trainer
from img2img.config import UsageError
from img2img.images import Levels
from img2img.modes import MODES, find_mode, specified
from img2img.networks import build
from img2img.run.configuring import configured

GRAY, RGB = Levels(channels=1), Levels(channels=3)


def made(mode, **options):
    given = {**OPTIONS, **options} if mode != "dcgan" else {"data": {"size": 32}, **options}
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


@pytest.mark.parametrize("adversarial", ["minimax", "hinge", "wasserstein"])
@pytest.mark.parametrize("mode", MODES)
def test_any_adversarial_loss_and_penalty_serve_any_mode(mode, adversarial):
    for penalty in ("none", "gp", "r1"):
        _, game = made(mode, adversarial=adversarial, penalty=penalty, n_critic=2)
        assert (game.penalty is None) == (penalty == "none")
        assert {player.steps.step for player in game.players.values()} == {1, 2}


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
