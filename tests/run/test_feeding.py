from itertools import islice
from typing import NamedTuple

import pytest
import torch
from tiny import OPTIONS, log, played, stopped
from torch import Tensor

from img2img.base import checkpoint
from img2img.base.draws import seeded
from img2img.base.runtime import Runtime
from img2img.modes import find_mode
from img2img.options import merged
from img2img.run.configuring import configured
from img2img.run.feeding import feed, halvings, sampled, shrunk
from img2img.run.schedules import length
from img2img.run.session import Session
from img2img.run.sources import open_source


class Batch(NamedTuple):
    x: Tensor
    y: Tensor
    stem: str = "a"
    mask: Tensor | None = None


def session(tmp_path, mode="pix2pix", **options):
    config = configured(mode, merged(OPTIONS, options))
    source = open_source(config, find_mode(mode).paired)
    runtime = Runtime("cpu")
    return Session(tmp_path, config, source, length(config, len(source.splits["train"])), runtime)


def test_pictures_are_halved_until_their_doublings():
    assert [halvings((2, 5), step) for step in range(7)] == [2, 2, 1, 1, 1, 0, 0]
    assert halvings((), 0) == 0


def test_a_small_picture_is_the_mean_of_squares_and_classes_are_one_pixel_of_them():
    x = torch.rand(2, 3, 8, 8, generator=seeded(0))
    classes = torch.zeros(2, 4, 8, 8).scatter(1, torch.randint(4, (2, 1, 8, 8)), 1) * 2 - 1
    mask = torch.zeros(2, 1, 8, 8)
    mask[..., :4] = 1
    small = shrunk(Batch(x, classes, mask=mask), 4, {"y": sampled})
    torch.testing.assert_close(small.x[0, 1, 1, 0], x[0, 1, 4:, :4].mean())
    assert small.mask[0, 0].tolist() == [[1, 0], [1, 0]] and small.stem == "a"
    assert small.y.shape == (2, 4, 2, 2)
    assert (small.y.max(1).values == 1).all() and (small.y.sum(1) == -2).all()
    assert shrunk(small, 1, {}) is small


def test_a_run_is_fed_small_pictures_first_wherever_it_begins(tmp_path):
    growing = session(tmp_path, growth={"doublings": (2, 3)})
    plain = session(tmp_path)
    sides = [batch.x.shape[-1] for batch in islice(feed(growing, 0), 5)]
    assert sides == [8, 8, 16, 32, 32]
    late = list(islice(feed(growing, 2), 2))
    whole = list(islice(feed(plain, 2), 2))
    assert [batch.y.shape[-1] for batch in late] == [16, 32]
    assert torch.equal(late[1].y, whole[1].y)
    torch.testing.assert_close(late[0].y[0, 0, 0, 0], whole[0].y[0, 0, :2, :2].mean())
    assert growing.dearest == 3 and plain.dearest == 0


def test_a_progressive_run_is_fed_the_batches_of_its_resolution(tmp_path):
    growing = session(
        tmp_path, "progressive", steps=None,
        growth={"fade": 4, "stable": 4, "batches": (4, 2, 1)},
        generator={"channels": 4, "latent": 4},
    )  # fmt: skip
    sizes = [len(batch.x) for batch in islice(feed(growing, 0), growing.length.total)]
    assert sizes == [4, 2, 2, 2, 2, *[1] * 16]
    assert growing.dearest == 13


@pytest.mark.parametrize("mode", ["pix2pix", "cyclegan"])
def test_a_translation_that_grows_is_stopped_and_goes_on_bit_by_bit(mode, tmp_path, monkeypatch):
    options = {"growth": {"doublings": (3,)}, "data": {"size": 32}, "steps": 6}
    whole = played(mode, tmp_path / "whole", **options)
    stopped(monkeypatch, 2, mode, tmp_path / "parts", **options)
    again = played(mode, tmp_path / "parts", **options)
    assert log(again, "losses") == log(whole, "losses")
    name = next(path.name for path in whole.glob("generator*.safetensors"))
    assert (again / name).read_bytes() == (whole / name).read_bytes()


def test_a_run_that_grows_shows_its_pictures_before_and_after_each_doubling(tmp_path):
    growth = {"fade": 8, "stable": 8, "batches": (4, 2)}  # 8 pixels fade in from step 2 to 6
    run = played(
        "progressive", tmp_path, steps=9, growth=growth, generator={"latent": 4}, report={"save": 9}
    )
    assert [path.stem for path in sorted((run / "samples").iterdir())] == [
        "00000002", "00000004", "00000006", "00000008", "00000009",
    ]  # fmt: skip


def test_a_restored_run_has_grown_as_far_before_its_first_step(tmp_path):
    options = {
        "steps": 4, "growth": {"fade": 8, "stable": 8, "batches": (4, 2)},
        "generator": {"latent": 4}, "optimization": {"ema": 0.9},
    }  # fmt: skip
    run = played("progressive", tmp_path, **options)
    again = session(tmp_path, "progressive", **options)
    found, _ = checkpoint.newest(run)
    again.restore(found)
    levels = {network.level for network in (*again.live.values(), *again.networks.values())}
    assert levels == {again.growth.level(3)} == {0.25}


def test_an_average_follows_the_steps_that_move_its_network(tmp_path):
    critical = session(tmp_path, n_critic=3, optimization={"ema": 0.5})
    shadow, weight = (next(it.parameters()) for it in (critical.networks["G"], critical.live["G"]))
    weight.data.fill_(1.0)
    shadow.data.zero_()
    means = []
    for step in range(6):
        critical.update_averages(step)
        means.append(shadow.mean().item())
    assert means == [0, 0, 0.5, 0.5, 0.5, 0.75]
