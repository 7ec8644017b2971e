import os
import subprocess
import sys
from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn

from img2img.base import runtime
from img2img.base.runtime import Runtime, gather, own_rows, part, pick_device


class Batch(NamedTuple):
    x: Tensor
    stem: list[str]
    index: Tensor


BATCH = Batch(torch.arange(8.0).reshape(4, 2), ["a", "b", "c", "d"], torch.arange(4))


@pytest.mark.parametrize("name", ["gpu", "tpu", "cpu:0x", "cuda:"])
def test_a_device_that_is_not_there_is_one_sentence(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match=f"device '{name}' is not there; choose auto, cpu, cuda"):
        pick_device(name)


def test_auto_takes_the_first_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for cuda, mps, chosen in ((True, True, "cuda"), (False, True, "mps"), (False, False, "cpu")):
        monkeypatch.setattr(torch.cuda, "is_available", lambda cuda=cuda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda mps=mps: mps)
        assert pick_device("auto").type == chosen


@pytest.mark.parametrize("parts", [1, 2, 4])
def test_the_parts_are_the_batch(parts: int) -> None:
    found = Runtime("cpu", accumulate=parts).parts(BATCH)
    assert [share for share, _ in found] == [*range(parts)]
    assert torch.equal(torch.cat([part.x for _, part in found]), BATCH.x)
    assert [stem for _, part in found for stem in part.stem] == BATCH.stem
    assert {type(part) for _, part in found} == {Batch}


def test_a_part_of_what_is_absent_is_absent() -> None:
    assert part(None, 0, 2) is None
    assert part(["a", "b", "c"], 1, 2) == ["b", "c"]
    assert part(BATCH.x, 1, 2).tolist() == BATCH.x[1:3].tolist()


def test_a_second_process_takes_the_shares_after_the_firsts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runtime, "process", lambda: 1)
    monkeypatch.setattr(runtime, "processes", lambda: 2)
    second = Runtime("cpu", accumulate=2)
    assert second.shares == 4 and not second.is_main
    assert [share for share, _ in second.parts(BATCH)] == [2, 3]


def test_alone_averages_and_gathering_change_nothing() -> None:
    alone = Runtime("cpu")
    weight = nn.Parameter(torch.ones(2))
    alone.average([weight])
    assert weight.grad is None and alone.is_main and alone.shares == 1
    assert gather(BATCH.x, alone.device) is BATCH.x
    assert torch.equal(own_rows(BATCH.x), BATCH.x)
    assert alone.mean(BATCH.x) is BATCH.x


def test_autocast_is_bfloat16_only_where_it_is_asked_for() -> None:
    x = torch.ones(2, 2)
    with Runtime("cpu").autocast():
        assert (x @ x).dtype == torch.float32
    with Runtime("cpu", "bf16").autocast():
        assert (x @ x).dtype == torch.bfloat16


TOGETHER = """
import torch
from torch import distributed, nn
from img2img.base.runtime import Runtime, gather, own_rows
runtime = Runtime("cpu")
mine = float(runtime.process + 1)
weights = [nn.Parameter(torch.ones(2, 3)), nn.Parameter(torch.ones(4)), nn.Parameter(torch.ones(1))]
weights[0].grad = torch.full((3, 2), mine).T  # not contiguous
if runtime.is_main:
    weights[1].grad = torch.full((4,), 6.0)
runtime.average(weights)
assert [w.grad.unique().tolist() for w in weights[:2]] == [[1.5], [3.0]]
assert weights[2].grad is None
rows = torch.full((2, 2), mine)
assert gather(rows, runtime.device)[:, 0].tolist() == [1, 1, 2, 2]
assert torch.equal(own_rows(gather(rows, runtime.device)), rows)
assert runtime.mean(rows).unique().tolist() == [1.5] and rows.unique().tolist() == [mine]
runtime.wait()
distributed.destroy_process_group()
"""


def test_two_processes_average_their_gradients_one_that_a_single_one_lacks_as_zero() -> None:
    place = {"MASTER_ADDR": "127.0.0.1", "WORLD_SIZE": "2", "LOCAL_WORLD_SIZE": "2"}
    place["MASTER_PORT"] = str(free_port())
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER],
            env={**os.environ, **place, "RANK": rank, "LOCAL_RANK": rank},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in "01"
    ]
    for process in both:
        _, errors = process.communicate(timeout=200)
        assert process.returncode == 0, errors


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
