import re
from math import nan

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from townscapes import townscapes

from img2img.base.draws import seeded
from img2img.base.health import SIGNS, Trend, ill, warnings
from img2img.base.metrics import symptoms
from img2img.base.metrics.checkerboard import checkerboard
from img2img.config import Config


def figures(inputs, fakes, reals, targets=None):
    return {
        "G_diversity": symptoms.diversity(fakes, reals),
        "G_inversion": symptoms.inversion(inputs, fakes, targets),
        "G_drift": symptoms.drift(fakes, reals),
        "G_checkerboard": checkerboard(fakes, reals),
    }


def fired(found):
    return {sentence.split()[0].removeprefix("G_") for sentence in warnings(found)}


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize("sides", ["AB", "BA"])
def test_the_towns_own_pictures_show_no_sign(sides, size):
    A, B = (townscapes(side, size=size) for side in sides)
    other = townscapes(sides[1], size=size, split="test")
    assert not fired(figures(A, B, other))
    assert not fired(figures(A, B, other, targets=B))
    assert not fired(figures(A, other, B))


def noisy(pictures):
    return pictures + 0.1 * torch.randn(pictures.shape, generator=seeded("noise"))


CHESS = torch.tensor([[0.05, -0.05], [-0.05, 0.05]])
FAULTS = {
    "diversity": lambda y: noisy(y.mean(0, keepdim=True).expand_as(y)),
    "inversion": lambda y: 2 * y.mean((0, 2, 3), keepdim=True) - y,
    "drift": lambda y: y + torch.tensor([0.25, 0, 0]).view(3, 1, 1),
    "checkerboard": lambda y: y + CHESS.repeat(y.shape[2] // 2, y.shape[3] // 2),
}


@pytest.mark.parametrize("paired", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_shows_its_own_sign_and_no_other(fault, paired):
    A, B, other = townscapes("A"), townscapes("B"), townscapes("B", split="test")
    found = figures(A, FAULTS[fault](B), other, targets=B if paired else None)
    assert fired(found) == {fault}


def test_a_negative_is_inverted_and_off_in_colour():
    A, B = townscapes("A"), townscapes("B")
    assert fired(figures(A, -B, B, targets=B)) == {"inversion", "drift"}


def test_noise_is_no_grid():
    A, B = townscapes("A"), townscapes("B")
    assert not fired(figures(A, noisy(noisy(B)), townscapes("B", split="test")))


@pytest.mark.parametrize(
    ("real", "fake", "sign"), [(1, 1, "certainty"), (1, 0, "blindness"), (0, 1, "blindness")]
)
def test_accuracies_at_their_ends_show_a_sign(real, fake, sign):
    found = {
        f"D_X_{name}": getattr(symptoms, name)(real, fake) for name in ("certainty", "blindness")
    }
    assert [sentence.split()[0] for sentence in warnings(found)] == [f"D_X_{sign}"]


def test_a_warning_names_the_figure_its_threshold_and_what_to_do():
    (sentence,) = warnings({"G_drift": 0.4567, "D_real": 1.0, "G_diversity": 0.9})
    assert sentence.startswith("G_drift 0.457 is above 0.2: the outputs' mean colour")
    assert "--weights.identity" in sentence and "\n" not in sentence


def test_a_threshold_itself_and_what_is_undefined_or_unknown_are_not_ill():
    for name, sign in SIGNS.items():
        beyond = 1e-9 if sign.ill == "above" else -1e-9
        assert not ill(name, sign.threshold) and ill(f"F_{name}", sign.threshold + beyond)
        assert not ill(name, nan)
    assert not ill("D_real", 1.0) and not ill("", 1.0)


def field(config: type[BaseModel], path: list[str]) -> bool:
    name, *rest = path
    entry = config.model_fields.get(name.replace("-", "_"))
    return entry is not None and (not rest or field(entry.annotation, rest))


def test_advice_names_options_that_exist():
    named = {o for s in SIGNS.values() for o in re.findall(r"--([a-z.-]+\w)", s.advice)}
    assert len(named) >= 8
    assert [option for option in named if not field(Config, option.split("."))] == []


def looks(values, name="D_certainty"):
    """At which looks something is said."""
    trend, said = Trend(), []
    for number, value in enumerate(values):
        trend = trend.after({name: value})
        if warnings(trend.due({name: value})):
            said.append(number)
    return said


def test_one_look_at_a_discriminator_is_no_news_and_ten_are_once():
    assert looks([1.0] * 9 + [0.5] + [1.0] * 9) == []
    assert looks([1.0] * 30) == [9]
    assert looks([1.0] * 10 + [0.5] + [1.0] * 10) == [9, 20]


@given(st.lists(st.sampled_from([1.0, 0.5, nan]), max_size=40))
def test_a_warning_follows_exactly_ten_ill_looks(values):
    padded = [0.5, *values]
    expected = [
        i
        for i in range(10, len(padded))
        if all(v == 1 for v in padded[i - 9 : i + 1]) and padded[i - 10] != 1
    ]
    assert looks(padded) == expected


def test_a_new_trend_only_warns_later():
    trend = Trend()
    for _ in range(9):
        trend = trend.after({"D_certainty": 1.0})
    assert trend.after({"D_certainty": 1.0}).due({"D_certainty": 1.0})
    assert not Trend().after({"D_certainty": 1.0}).due({"D_certainty": 1.0})


def test_figures_that_are_looked_at_apart_keep_their_counts():
    trend = Trend().after({"G_drift": 1.0}).after({"D_certainty": 1.0})
    assert trend.due({"G_drift": 1.0}) == {}
    trend = trend.after({"G_drift": 1.0})
    assert trend.due({"G_drift": 1.0, "D_certainty": 1.0}) == {"G_drift": 1.0}
