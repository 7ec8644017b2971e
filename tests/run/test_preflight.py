import resource
import sys
from contextlib import contextmanager
from types import SimpleNamespace
from weakref import ref

import numpy as np
import pytest
import torch
from tiny import OPTIONS

from img2img.base.runtime import Runtime
from img2img.config import UsageError
from img2img.modes import find_mode
from img2img.options import merged
from img2img.run import preflight
from img2img.run.configuring import configured
from img2img.run.fitting import check_batch, check_size
from img2img.run.preflight import (
    ROUNDS,
    Cost,
    alternatives,
    attempt,
    duration,
    few,
    limited,
    peak,
    told,
)
from img2img.run.schedules import Length
from img2img.run.session import Session
from img2img.run.sources import open_source
from img2img.train import train

MIB = 2**20
ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are Linux's")


def session(mode="pix2pix", **options):
    config = configured(mode, merged(OPTIONS, options))
    source = open_source(config, find_mode(mode).paired)
    return Session(None, config, source, Length(4, 4, 1), Runtime("cpu"))


def rehearsed(root, capsys, **options):
    train("pix2pix", root=root, dry_run=True, **merged(OPTIONS, options))
    return capsys.readouterr().out.splitlines()


def test_a_dry_run_says_what_a_run_takes_and_writes_nothing(tmp_path, capsys):
    lines = rehearsed(tmp_path / "runs", capsys, steps=123)
    assert lines[0].startswith("pix2pix on the built-in town")
    parameters, memory, time = lines[-3:]
    assert parameters == f"parameters: {session().sizes()}"
    assert memory.startswith("memory: ") and " GiB of " in memory
    assert time.startswith("time: ") and " for 123 steps, validation and sheets apart" in time
    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_of_a_run_that_stands_leaves_it_alone(tmp_path, capsys):
    (tmp_path / "pix2pix").mkdir()
    (tmp_path / "pix2pix/config.yaml").write_text("mine")
    rehearsed(tmp_path, capsys)
    assert [(p.name, p.read_text()) for p in (tmp_path / "pix2pix").iterdir()] == [
        ("config.yaml", "mine")
    ]


def test_what_a_run_would_be_refused_for_its_dry_run_is_too(tmp_path, capsys):
    with pytest.raises(UsageError, match=r"--report\.best iou is not measured here"):
        rehearsed(tmp_path, capsys, report={"best": "iou"})
    with pytest.raises(UsageError, match="no multiple"):
        rehearsed(tmp_path, capsys, data={"size": 48})


@pytest.mark.parametrize("n_critic", [1, 4])
def test_every_player_plays_and_the_mean_of_a_whole_round_is_told(n_critic, monkeypatch):
    playing = session(n_critic=n_critic)
    ticks = iter([0, 100, *range(110, 1000, 10)])
    monkeypatch.setattr(preflight.time, "monotonic", lambda: next(ticks))
    cost = attempt(playing)
    assert len(list(few(playing))) == ROUNDS * n_critic
    assert (cost.first, cost.step) == (100, 10)
    for player in playing.optimizers.values():
        steps = {int(state["step"]) for state in player.algorithm.state.values()}
        assert steps in ({ROUNDS}, {ROUNDS * n_critic})
    assert cost.device is None and cost.host > 0


def test_a_cost_in_words():
    lines = told(Cost(2.5, 0.1234, 3 * 2**30, None), 1000)
    assert lines[0].startswith("memory: 3.00 GiB of ") and "GPU" not in lines[0]
    assert lines[1] == (
        "time: 0.123 s a step (2.5 s the first), 2.1 minutes for 1000 steps, validation and sheets"
        " apart"
    )
    assert "1.50 GiB on the GPU" in told(Cost(1, 1, 1, 3 * 2**29), 1)[0]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(3, "3 seconds"), (119, "119 seconds"), (120, "2.0 minutes"), (7199, "120.0 minutes"),
     (7200, "2.0 hours"), (2 * 86400, "2.0 days")],
)  # fmt: skip
def test_times_are_in_the_unit_that_suits(seconds, text):
    assert duration(seconds) == text


def test_alternatives_keep_the_batch_first_then_the_size_and_all_of_them_can_be_trained():
    config = configured("pix2pix", {"batch_size": 12, "data": {"path": "d", "size": 256}})
    offered = list(alternatives(config))
    assert [options for options, _ in offered] == [
        "--optimization.accumulate 2", "--optimization.accumulate 4", "--generator.channels 32",
        "--generator.channels 16", "--generator.channels 8", "--size 128", "--size 64", "--size 32",
    ]  # fmt: skip
    for options, other in offered:
        assert other.batch_size == 12
        assert "--size" in options or other.data == config.data
        check_batch(other, other.optimization.accumulate)
        check_size(other)
    assert (offered[-1][1].data.load, offered[-1][1].generator.depth) == (36, 5)


def test_parts_that_are_asked_for_are_where_the_offers_begin():
    config = configured("cyclegan", {"batch_size": 8, "optimization": {"accumulate": 2}})
    offered = [options for options, _ in alternatives(config)]
    assert offered[:2] == ["--optimization.accumulate 4", "--optimization.accumulate 8"]


@pytest.fixture
def only(monkeypatch):
    """Lets batches through whose parts hold so many pictures, and no more."""

    def set_to(most):
        def generated(trainer, batch, *rest, made=None):
            if len(batch.x) > most:
                raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
            return generate(trainer, batch, *rest)

        generate = preflight.fit.__globals__["generate"]
        monkeypatch.setitem(preflight.fit.__globals__, "generate", generated)

    return set_to


def test_what_does_not_fit_is_said_with_what_does(only, tmp_path, capsys):
    only(1)
    lines = rehearsed(tmp_path, capsys, batch_size=4)
    assert lines[-5:-2] == [
        "it does not fit into the memory of cpu", "nor does --optimization.accumulate 2",
        "this fits: --optimization.accumulate 4",
    ]  # fmt: skip
    assert lines[-2].startswith("memory: ") and lines[-1].startswith("time: ")


def test_where_nothing_fits_nothing_is_offered(only, tmp_path, capsys):
    only(0)
    lines = rehearsed(tmp_path, capsys, batch_size=2, generator={"channels": 16})
    assert lines[-3:] == [
        "it does not fit into the memory of cpu", "nor does --optimization.accumulate 2",
        "nor does --generator.channels 8",
    ]  # fmt: skip


def test_the_session_that_did_not_fit_is_gone_when_the_next_is_built(only):
    only(1)
    built = []

    def build(config):
        assert all(earlier() is None for earlier in built)
        made = Session(None, config, source, Length(4, 4, 1),
                       Runtime("cpu", accumulate=config.optimization.accumulate))  # fmt: skip
        built.append(ref(made.trainer.G.get_parameter(next(iter(made.trainer.G.state_dict())))))
        return made

    first = session(batch_size=4)
    config, source = first.config, first.source
    del first
    assert any(line.startswith("this fits") for line in preflight.preflight(config, 4, build))
    assert len(built) == 3


def test_a_fault_that_is_none_of_memory_is_not_hidden(monkeypatch):
    def broken(*_):
        raise RuntimeError("shapes differ")

    monkeypatch.setitem(preflight.fit.__globals__, "generate", broken)
    with pytest.raises(RuntimeError, match="shapes differ"):
        attempt(session())


@contextmanager
def unchanged_limit():
    before = resource.getrlimit(resource.RLIMIT_DATA)
    try:
        yield
        assert resource.getrlimit(resource.RLIMIT_DATA) == before
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


@pytest.fixture
def scarce(monkeypatch):
    """A machine that has 300 MiB left: enough for what is small, as libraries do not check it."""
    free = SimpleNamespace(available=300 * MIB, total=2**34)
    monkeypatch.setattr(preflight.psutil, "virtual_memory", lambda: free)


@ON_LINUX
def test_memory_that_is_not_there_is_refused_and_the_limit_is_put_back(scarce):
    with unchanged_limit():
        with pytest.raises(RuntimeError, match="memory"), limited(Runtime("cpu")):
            torch.ones(128 * MIB)
        torch.ones(128 * MIB)


@ON_LINUX
def test_a_limit_that_stands_is_not_raised():
    with unchanged_limit():
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        low = 2**33
        resource.setrlimit(resource.RLIMIT_DATA, (low, hard))
        with limited(Runtime("cpu")):
            assert resource.getrlimit(resource.RLIMIT_DATA)[0] <= low
        assert resource.getrlimit(resource.RLIMIT_DATA) == (low, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


@ON_LINUX
def test_steps_that_do_not_fit_into_real_memory_are_none(scarce):
    playing = session(batch_size=128, generator={"channels": 256, "depth": 2})
    with unchanged_limit():
        assert attempt(playing) is None


@ON_LINUX
def test_an_earlier_peak_is_not_told_again():
    big = np.ones(400 * MIB, np.uint8)
    high = peak()
    del big
    assert attempt(session()).host < high - 200 * MIB
