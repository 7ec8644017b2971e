import re
from functools import cache, partial
from math import isnan
from pathlib import Path

import numpy as np
import pytest
import torch

from img2img.base.metrics.collection import Collection
from img2img.base.metrics.colour_shift import Colours
from img2img.base.metrics.features import Features
from img2img.base.metrics.geometry import mean_relative_living_times
from img2img.base.metrics.grid import Grid
from img2img.base.metrics.histograms import Histograms
from img2img.base.metrics.moments import Moments
from img2img.base.metrics.patches import Patches
from img2img.base.metrics.set_table import SETS
from img2img.base.metrics.sets import Sets
from img2img.base.metrics.spectrum import Spectrum
from img2img.base.metrics.stills import Stills
from img2img.base.metrics.table import DEFINITIONS
from img2img.gathering import PLAIN
from img2img.inquiry import OF_RUNS
from img2img.learned import NAMES
from img2img.variety import learned_sets

COUNT = 80
PAGE = Path(__file__).parents[3] / "docs/metrics.md"
WATCHED = {*PLAIN, "features", "probabilities", "stills"}  # as gathering.watches has them


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    """Of landmarks, of which geometry takes 1,000."""
    few = partial(mean_relative_living_times, repeats=5)
    monkeypatch.setattr("img2img.base.metrics.set_figures.mean_relative_living_times", few)


@cache
def collection(seed):
    """The states of 80 pictures 32 x 32 of noise."""
    draw = np.random.default_rng(seed)
    units = draw.random((COUNT, 32, 32, 3))
    odds = draw.random((COUNT, 3)) + np.eye(3)[np.arange(COUNT) % 2]  # of two classes
    states = {
        "features": Features.of(draw.standard_normal((COUNT, 6))),
        "probabilities": Features.of(odds / odds.sum(1, keepdims=True)),
        "pixels": Features.of(draw.random((COUNT, 12))),
        "spectrum": Spectrum.of(units),
        "histograms": Histograms.of(units),
        "colours": Colours.of(units),
        "grid": Grid.of(units),
        "patches": Patches.of(torch.from_numpy(units).permute(0, 3, 1, 2).float() * 2 - 1),
        "stills": Stills.of([*(units * 255).astype(np.uint8)]),
    }
    return Collection(COUNT, states)


def sets(**changes):
    return Sets(**{"fake": collection(0), "real": collection(1), "train": collection(2)} | changes)


def test_gathering_knows_all_that_is_needed():
    table = {**SETS, **learned_sets()}
    assert {need for metric in table.values() for need in metric.needs} <= WATCHED
    assert all(metric.needs and metric.definition for metric in table.values())


def test_the_page_tells_of_every_metric_and_of_none_besides():
    told = {
        name
        for line in PAGE.read_text().splitlines()
        if line.startswith("| `") and "protocol" not in line
        for name in re.findall(r"`([^`]+)`", line.split("|")[1])
    }
    text = PAGE.read_text()
    protocols = {"rgb", "raw", "auto", "sr-y", "sr-rgb", "pytorch-fid", "clean", "torch-fidelity"}
    known = {*SETS, *learned_sets(), *DEFINITIONS, *NAMES}
    assert told - protocols <= known
    assert all(f"`{name}`" in text for name in (*known, *OF_RUNS))


def test_the_page_and_the_table_agree_on_what_is_better():
    whole = PAGE.read_text()
    lines = whole[whole.index("Of a set against") :].splitlines()
    for row in (line.split("|") for line in lines if line.startswith("| `")):
        names, better = re.findall(r"`([^`]+)`", row[1]), row[2].split(",")
        for name, side in zip(names, better * (len(names) // len(better)), strict=True):
            rises = {**SETS, **learned_sets()}[name].rises
            known = {"higher": (True,), "lower": (False,)}
            assert rises in known.get(side.strip(), (None, False)), name


@pytest.mark.parametrize("name", SETS)
def test_every_metric_has_a_figure_of_two_small_sets(name):
    found = SETS[name].finish(sets())
    assert isinstance(found, float) or hasattr(found, "_asdict")
    assert not isnan(figure(found)) and figure(SETS[name].finish(sets())) == figure(found)


def figure(found):
    """As evaluate takes it: of a NamedTuple the first field."""
    return float(found[0] if isinstance(found, tuple) else found)


def one(kept):
    """The states of its first picture, as far as they are of rows."""
    rows = {
        name: Features.of(state.rows[:1])
        for name, state in kept.states.items()
        if isinstance(state, Features)
    }
    return Collection(1, {**kept.states, **rows})


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("side", ["fake", "real"])
def test_of_one_picture_it_has_a_figure_or_one_sentence(name, side):
    try:
        found = SETS[name].finish(sets(**{side: one(sets().__dict__[side])}))
    except ValueError as error:
        assert 10 < len(str(error)) < 160 and "\n" not in str(error)
    else:
        figure(found)


def test_what_is_not_kept_is_named():
    with pytest.raises(ValueError, match="the real pictures' features are not known; give the"):
        SETS["kid"].finish(sets(real=Collection(3, {})))
    with pytest.raises(ValueError, match="give the training pictures by --train"):
        SETS["memorisation"].finish(sets(train=None))


def test_moments_that_were_kept_take_the_place_of_features():
    rows = collection(1).states["features"].rows
    kept = Collection(COUNT, {"moments": Moments.of(rows)})
    assert SETS["fid"].finish(sets(real=kept)) == SETS["fid"].finish(sets())
    with pytest.raises(ValueError, match="real pictures' features are not known"):
        SETS["precision"].finish(sets(real=kept))


def test_what_figures_share_is_found_once():
    both = sets()
    assert both.manifold is both.manifold and both.bins is both.bins
    assert SETS["precision"].finish(both) == both.manifold.precision
