import json
from itertools import product

import numpy as np
import pytest
from PIL import Image

from img2img.cli import main
from img2img.lab import run
from img2img.lab.laboratory import recipes
from img2img.lab.mixtures import Coverage
from img2img.lab.recipes import RECIPES
from img2img.lab.rings import verdict, worst

SEVEN = {
    "non-saturating", "non-saturating-r1", "least-squares", "hinge-sn",
    "wgan", "wgan-gp", "wgan-lp",
}  # fmt: skip


def test_the_bilinear_figures_reach_the_json_and_the_picture(tmp_path, capsys):
    path = tmp_path / "deep" / "figures.json"
    assert main(["lab", "bilinear", "--json", str(path), "--out", str(tmp_path)]) == 0
    found = json.loads(path.read_text())["bilinear"]
    assert found["extragradient"] == pytest.approx(0.0097733906, rel=1e-8)
    assert found.keys() == {"simultaneous", "alternating", "extragradient", "optimistic"}
    assert "204.7396182" in capsys.readouterr().out
    assert np.asarray(Image.open(tmp_path / "bilinear.png").convert("L")).std() > 5


def test_a_mixture_has_a_figure_for_each_loss_and_seed(tmp_path):
    path = tmp_path / "figures.json"
    options = ["--loss", "hinge-sn", "wgan", "--seeds", "0", "1", "--steps", "3"]
    assert main(["lab", "grid25", *options, "--json", str(path), "--out", str(tmp_path)]) == 0
    found = json.loads(path.read_text())["grid25"]
    assert found.keys() == {"hinge-sn", "wgan"}
    for loss in found.values():
        each = loss["seeds"]
        assert each.keys() == {"0", "1"}
        assert loss["modes"] == min(one["modes"] for one in each.values())
        assert loss["good"] == min(one["good"] for one in each.values())
        assert loss["verdict"] == "collapsed"  # after three steps
    assert (tmp_path / "grid25.png").stat().st_size > 10_000


def test_nothing_is_written_unless_it_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = run("ring8", steps=2)
    assert report.figures.keys() == {"non-saturating"}
    assert not [*tmp_path.iterdir()]


def test_all_losses_are_the_seven_and_others_can_be_made_up():
    assert recipes(["all"], None, None).keys() == SEVEN
    made = recipes(["hinge", "wgan"], "r1", 5)
    assert made.keys() == {"hinge+r1", "wgan+r1"}
    assert all(recipe.penalty and recipe.steps == 5 for recipe in made.values())


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ring9", "unknown experiment 'ring9'; choose from ring8, grid25, bilinear, dirac"),
        ("ring8 --loss wgann", "unknown loss 'wgann'; choose from all, minimax"),
        ("ring8 --penalty r3", "unknown penalty 'r3'; choose from gp, lp"),
        ("ring8 --steps 0", "--steps 0 is no run; give at least 1"),
        ("dirac --loss wgan", "--loss has no effect on dirac; leave it out"),
        ("bilinear --steps 0", "--steps has no effect on bilinear; leave it out"),
        ("bilinear --seeds 0", "--seeds has no effect on bilinear; leave it out"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(line, message, capsys):
    assert main(["lab", *line.split()]) == 2
    assert message in capsys.readouterr().err


def test_the_worst_run_speaks_for_all():
    assert worst([Coverage(8, 0.5), Coverage(7, 0.9)]) == (7, 0.5)
    said = {case: verdict(Coverage(*case), 8) for case in product((8, 7, 4), (0.9, 0.8, 0.4))}
    assert said[8, 0.9] == "covered"
    assert said[8, 0.8] == said[7, 0.9] == said[7, 0.8] == "short"
    assert {said[case] for case in said if case[0] == 4 or case[1] == 0.4} == {"collapsed"}


@pytest.mark.stress
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("loss", "seed"), [*product(RECIPES, (0, 1, 2))])
def test_every_loss_covers_the_ring_on_every_seed(loss, seed):
    figures = run("ring8", losses=[loss], seeds=[seed]).figures[loss]
    assert figures["modes"] == 8 and figures["good"] >= 0.9


@pytest.mark.stress
@pytest.mark.timeout(900)
def test_a_generator_that_learns_too_fast_is_found_to_have_collapsed():
    assert run("ring8", losses=["control"]).figures["control"]["verdict"] == "collapsed"
