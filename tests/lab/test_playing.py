import pytest
import torch

from img2img.lab import playing
from img2img.lab.mixtures import ring
from img2img.lab.playing import FINENESS, SAMPLES, extent, game, optimizers, play
from img2img.lab.recipes import RECIPES

TINY = {"steps": 6, "width": 8, "batch": 8}


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES)
def test_a_run_follows_from_its_seed_and_is_looked_at_four_times(recipe):
    first, again, other = (play(recipe._replace(**TINY), ring(), seed=s).moments for s in (0, 0, 1))
    assert [moment.step for moment in first] == [1, 3, 6]  # 5 % and 20 % are the first step
    assert first[-1].samples.shape == (SAMPLES, 2)
    assert first[-1].map.shape == (FINENESS, FINENESS)
    for a, b, c in zip(first, again, other, strict=True):
        assert torch.equal(a.samples, b.samples) and torch.equal(a.map, b.map)
        assert not torch.equal(a.samples, c.samples)


@pytest.mark.parametrize("name", ["hinge-sn", "wgan"])
def test_looking_changes_nothing(name, monkeypatch):
    recipe = RECIPES[name]._replace(**TINY)
    looked = play(recipe, ring()).moments[-1]
    monkeypatch.setattr(playing, "MOMENTS", (1.0,))
    [unseen] = play(recipe, ring()).moments
    assert torch.equal(looked.samples, unseen.samples) and torch.equal(looked.map, unseen.map)


def test_the_game_is_played_enlarged_and_shown_at_its_own_size():
    recipe = RECIPES["non-saturating"]._replace(**TINY, reach=50.0, lr=(0.0, 0.0))
    enlarged, plain = (play(each, ring()) for each in (recipe, recipe._replace(reach=1.0)))
    torch.testing.assert_close(50 * enlarged.moments[-1].samples, plain.moments[-1].samples)
    D = game(recipe, 0).D.eval()
    edge = extent(ring())
    corner = D(torch.tensor([[50 * edge, -50 * edge]])).detach().squeeze()  # right, low
    torch.testing.assert_close(enlarged.moments[-1].map[0, -1], corner)


def test_the_learning_rate_falls_to_zero_over_the_second_half():
    recipe = RECIPES["wgan"]._replace(steps=100)
    lr = optimizers(game(recipe, 0), recipe)["D"].lr
    assert lr(0) == lr(49) == recipe.lr[1]
    assert lr(74) == pytest.approx(recipe.lr[1] / 2, rel=0.05) and 0 < lr(99) < recipe.lr[1] / 20
