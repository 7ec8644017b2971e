from math import nan
from types import SimpleNamespace

import pytest
import torch
from tiny import contents, log, played, stopped
from torch import nn
from townscapes import townscapes

from img2img.base.draws import seeded
from img2img.base.health import SIGNS, Trend, ill
from img2img.base.judgement import Judgement
from img2img.base.report import Report
from img2img.images import Labels, Levels
from img2img.modes import MODES
from img2img.run import validation
from img2img.run.checkup import counted, seen, symptoms, tell
from img2img.train import train
from img2img.views import Outputs

RGB, CLASSES = Levels(channels=3), Labels(names=("a", "b", "c"))
FROZEN = {"lr": 1e-12}


def warned(said):
    """(step, figure) of each warning."""
    lines = [line.split() for line in said.splitlines() if line.startswith("warning: after step")]
    return [(int(words[3].rstrip(":")), words[4]) for words in lines]


def plant(monkeypatch, mode, fault):
    """Every new game of the mode has the fault."""
    make = MODES[mode].trainer

    def ailing(*arguments):
        game = make(*arguments)
        with torch.no_grad():
            fault(game)
        return game

    monkeypatch.setitem(MODES, mode, MODES[mode]._replace(trainer=ailing))


def constant(game):
    for weight in game.G.parameters():
        weight.zero_()


def biased(game):
    last = [layer for layer in game.D.modules() if isinstance(layer, nn.Conv2d)][-1]
    last.bias.fill_(100.0)


def test_a_discriminator_stuck_far_from_0_is_told_once_at_the_tenth_look(
    tmp_path, monkeypatch, capsys
):
    plant(monkeypatch, "pix2pix", biased)
    run = played("pix2pix", tmp_path, steps=24, report={"health": 2}, optimization=FROZEN)
    said = capsys.readouterr().out
    assert [it for it in warned(said) if it[1].startswith("D")] == [
        (20, "D_blindness"),
        (20, "D_saturation"),
    ]
    assert "warning: after step 20: D_saturation 1 is above 0.9: D's logits have left" in said
    looks = [line for line in log(run, "health") if "D_real" in line["health"]]
    assert [line["step"] for line in looks] == [*range(2, 25, 2)]
    expected = {"real": 1, "fake": 0, "certainty": 0, "blindness": 1, "saturation": 1}
    for line in looks:
        assert line["health"] == {f"D_{name}": value for name, value in expected.items()}
        assert line["ill"] == ["D_blindness", "D_saturation"]


@pytest.mark.parametrize(
    ("real", "fake", "signs"),
    [
        (9, -9, {"certainty", "saturation"}),
        (1, -1, {"certainty"}),
        (9, 9, {"blindness", "saturation"}),
        (-1, -1, {"blindness"}),
        (-1, 1, set()),  # wrong of both
    ],
)
@pytest.mark.parametrize("adversarial", ["non-saturating", "hinge", "wasserstein"])
def test_a_sign_is_looked_for_where_the_loss_gives_it_a_meaning(
    real, fake, signs, adversarial, tmp_path, monkeypatch, capsys
):
    said = tuple(Judgement(torch.full((1, 1, 2, 2), float(value))) for value in (real, fake))
    view = MODES["pix2pix"].view._replace(judged=lambda *_: {"D": said})
    monkeypatch.setitem(MODES, "pix2pix", MODES["pix2pix"]._replace(view=view))
    report = {"health": 1, "pictures": 1}
    played("pix2pix", tmp_path, steps=10, adversarial=adversarial, report=report)
    kept = {"hinge": {"saturation"}, "wasserstein": set(SIGNS)}.get(adversarial, set())
    found = warned(capsys.readouterr().out)
    assert found == [(10, f"D_{name}") for name in sorted(signs - kept)]


NOISE = {
    "generator": {"latent": 4, "channels": 4},
    "discriminator": {"channels": 4, "name": "dcgan-discriminator"},
}


@pytest.mark.parametrize(("mode", "options"), [("pix2pix", {}), ("cyclegan", {}), ("dcgan", NOISE)])
def test_a_generator_that_draws_one_picture_is_told_at_the_second_validation(
    mode, options, tmp_path, monkeypatch, capsys
):
    plant(monkeypatch, mode, constant)
    report = {"validate_every": 2, "pictures": 4}
    if mode == "dcgan":  # tiny's networks are others
        common = {"device": "cpu", "data": {"size": 32}, "report": {**report, "tensorboard": False}}
        run = train(mode, root=tmp_path, steps=6, optimization=FROZEN, **common, **options)
    else:
        run = played(mode, tmp_path, steps=6, report=report, optimization=FROZEN)
    said = capsys.readouterr().out
    assert [step for step, name in warned(said) if name == "G_diversity"] == [4]
    looks = [line for line in log(run, "health") if "G_diversity" in line["health"]]
    assert [line["step"] for line in looks] == [2, 4, 6]
    for line in looks:
        assert line["health"]["G_diversity"] < 1e-6 and "G_diversity" in line["ill"]
    assert mode != "dcgan" or set(looks[0]["health"]) == {"G_diversity"}


def test_the_log_of_an_ill_run_does_not_tell_where_it_was_stopped(tmp_path, monkeypatch):
    plant(monkeypatch, "pix2pix", constant)
    options = {"steps": 5, "report": {"validate_every": 1, "pictures": 2}, "optimization": FROZEN}
    whole = played("pix2pix", tmp_path, name="whole", **options)
    stopped(monkeypatch, 3, "pix2pix", tmp_path, **options)
    assert contents(played("pix2pix", tmp_path, **options)) == contents(whole)
    assert all(line["ill"] for line in log(whole, "health") if "G_drift" in line["health"])


def parts(fakes, reals, inputs, **facts):
    """Batches of one picture, as validation sees them; masks among the facts are cut alike."""
    masks = {key: facts.pop(key) for key in ("mask", "mask_reals") if key in facts}
    return [
        Outputs(
            fakes[i : i + 1], reals[i : i + 1], None if inputs is None else inputs[i : i + 1],
            **facts, **{key: mask[i : i + 1] for key, mask in masks.items()},
        )
        for i in range(len(fakes))
    ]  # fmt: skip


CHESS = torch.tensor([[0.05, -0.05], [-0.05, 0.05]])
FAULTS = {
    "diversity": lambda y: y[:1].expand_as(y),
    "inversion": lambda y: 2 * y.mean((0, 2, 3), keepdim=True) - y,
    "drift": lambda y: y + torch.tensor([0.25, 0, 0]).view(3, 1, 1),
    "checkerboard": lambda y: y + CHESS.repeat(y.shape[2] // 2, y.shape[3] // 2),
}


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize("domain", [0, 1])
def test_the_towns_pictures_are_well_and_each_planted_fault_is_seen(domain, paired):
    x, y = (townscapes(side) for side in ("BA" if domain == 0 else "AB"))
    reals = y if paired else townscapes("A" if domain == 0 else "B", split="test")
    facts = {"domain": domain, "paired": paired}
    well = symptoms(parts(y, reals, x, **facts), (RGB, RGB))
    assert set(well) == set(FAULTS) and not any(ill(*figure) for figure in well.items())
    for fault, spoil in FAULTS.items():
        found = symptoms(parts(spoil(y), reals, x, **facts), (RGB, RGB))
        assert ill(fault, found[fault]), fault


def test_each_generator_of_a_run_has_its_own_figures():
    A, B = townscapes("A"), townscapes("B")
    batches = [
        {"G": there, "F": here}
        for there, here in zip(
            parts(B, B, A), parts(FAULTS["diversity"](A), A, B, domain=0), strict=True
        )
    ]
    found = seen(batches, (RGB, RGB))
    assert [name for name, value in found.items() if ill(name, value)] == ["F_diversity"]
    assert seen([], (RGB, RGB)) == {}


def planes(count, classes=3):
    """One-hot pictures of noise, 1 and -1."""
    drawn = torch.randint(classes, (count, 32, 32), generator=seeded("classes"))
    return torch.eye(classes)[drawn].movedim(-1, 1) * 2 - 1


def test_classes_differ_as_they_are_drawn_and_have_no_colour():
    reals = planes(4)
    timid = 0.01 * reals  # the classes are right, however weakly they are said
    x = torch.zeros(4, 3, 32, 32)
    assert symptoms(parts(timid, reals, x), (RGB, CLASSES)) == {"diversity": pytest.approx(1)}


@pytest.mark.parametrize("paired", [True, False])
def test_only_pictures_are_bright_or_dark(paired):
    x, y = planes(4), townscapes("B", 4)
    found = symptoms(parts(y, y, x, paired=paired), (CLASSES, RGB))
    assert ("inversion" in found) == paired  # then the target is a picture
    assert {"diversity", "drift", "checkerboard"} <= set(found)


def test_what_a_mask_hides_of_the_fakes_and_of_the_reals_is_not_looked_at():
    x, y = townscapes("A"), townscapes("B")
    mask = torch.ones(len(y), 1, 64, 64)
    mask[..., :32] = 0
    masks = {"mask": mask, "mask_reals": mask.flip(-1)}
    spoilt = torch.where(mask > 0, y, -y), torch.where(mask > 0, y.flip(0) ** 2, y)
    found = [symptoms(parts(*both, x, **masks), (RGB, RGB)) for both in ((y, y), spoilt)]
    assert found[0] == found[1] != symptoms(parts(*spoilt, x), (RGB, RGB))


def test_no_more_pictures_are_compared_than_the_figures_were_gauged_on(tmp_path, monkeypatch):
    sizes = []
    monkeypatch.setattr(validation, "seen", lambda outputs, _: sizes.append(len(outputs)) or {})
    monkeypatch.setattr(validation, "PICTURES", 3)
    for count in (2, 5):
        played("pix2pix", tmp_path, name=str(count), steps=1, report={"pictures": count})
    assert sizes == [2, 3]


def test_what_is_undefined_is_not_told(tmp_path):
    session = SimpleNamespace(trend=Trend())
    with Report(tmp_path, first=0, total=1, tensorboard=False) as report:
        tell(session, report, 1, {"G_diversity": nan})
        tell(session, report, 2, {"G_diversity": nan, "G_drift": 0.5})
    assert log(tmp_path, "health") == [{"step": 2, "health": {"G_drift": 0.5}, "ill": ["G_drift"]}]


def test_logits_of_what_is_hidden_are_not_counted():
    logits = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    mask = torch.ones(1, 1, 8, 8)
    mask[..., :4, :], mask[..., 4:, 4:6] = 0, 0
    assert counted(Judgement(logits, mask)).tolist() == [3.0]
    assert counted(Judgement(logits)).tolist() == [1.0, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan", "dcgan"])
def test_half_precision_is_looked_at_too(mode, tmp_path):
    size = {"data": {"size": 32}} if mode == "dcgan" else {}
    run = played(
        mode, tmp_path, steps=2, precision="bf16", **size,
        **({"generator": {"channels": 4}} if mode == "dcgan" else {}), report={"health": 1},
    )  # fmt: skip
    assert log(run, "health")
