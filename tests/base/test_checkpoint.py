import json
import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from img2img import files
from img2img.base import checkpoint
from img2img.base.checkpoint import load, newest, prune, save, step_folder
from img2img.base.draws import seeded
from img2img.base.weights import CheckpointError, load_weights, save_weights

WEIGHTS = {
    "G.weight": torch.randn(3, 4, generator=seeded(0)),
    "G.half": torch.randn(5, generator=seeded(1)).bfloat16(),
    "D.running": torch.randn(2, 2, generator=seeded(2), dtype=torch.float64),
}
STEPS = [1, 2, 4, 9, 10, 11]
STATE = {"optimizer.G.0.step": torch.tensor(7.0), "pool_x._extra_state": torch.empty(0)}


def saved(run: Path, step: int) -> Path:
    folder = step_folder(run, step)
    save(folder, {**WEIGHTS, "n": torch.tensor(step)}, STATE, {"step": step, "best": None})
    return folder


def same(found: dict[str, Tensor], expected: dict[str, Tensor]) -> bool:
    return found.keys() == expected.keys() and all(
        found[key].dtype == value.dtype and torch.equal(found[key], value)
        for key, value in expected.items()
    )


def test_a_checkpoint_makes_the_round_trip_bit_by_bit(tmp_path: Path) -> None:
    found = load(saved(tmp_path, 12))
    assert found.step == 12 and found.facts["best"] is None
    assert same(found.weights, {**WEIGHTS, "n": torch.tensor(12)})
    assert same(found.state, STATE)
    assert sorted(os.listdir(tmp_path)) == ["step-00000012"]


FILES = ["MANIFEST.json", "state.json", "state.safetensors", "weights.safetensors"]


def test_a_step_folder_holds_these_files(tmp_path: Path) -> None:
    assert sorted(os.listdir(saved(tmp_path, 1))) == FILES


@pytest.mark.parametrize("name", FILES)
def test_one_flipped_bit_anywhere_is_found(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path, 1) / name
    whole = path.read_bytes()
    draw = Random(0)
    for bit in draw.sample(range(8 * len(whole)), 150):
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(CheckpointError):
            load(path.parent)
    path.write_bytes(whole)
    load(path.parent)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("kept", [0, 0.5, None])
def test_a_cut_or_missing_file_is_found(name: str, kept: float | None, tmp_path: Path) -> None:
    path = saved(tmp_path, 1) / name
    if kept is None:
        path.unlink()
    else:
        os.truncate(path, int(path.stat().st_size * kept))
    with pytest.raises(CheckpointError, match=r"step-00000001"):
        load(path.parent)


def test_a_manifest_that_leaves_a_file_out_is_no_whole_checkpoint(tmp_path: Path) -> None:
    folder = saved(tmp_path, 1)
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    del manifest["weights.safetensors"]
    (folder / "MANIFEST.json").write_text(json.dumps(manifest))
    with pytest.raises(CheckpointError, match=r"weights\.safetensors"):
        load(folder)


def test_a_damaged_newest_gives_way_to_the_one_before_with_a_warning(tmp_path: Path) -> None:
    saved(tmp_path, 1)
    saved(tmp_path, 2)
    (saved(tmp_path, 3) / "state.json").write_text("{}")
    (step_folder(tmp_path, 2) / "MANIFEST.json").unlink()
    found, warnings = newest(tmp_path)
    assert found is not None and found.step == 1
    assert len(warnings) == 2
    for warning, step in zip(warnings, (3, 2), strict=True):
        assert f"step-0000000{step}" in warning and "went back to step-00000001" in warning
    assert step_folder(tmp_path, 3).is_dir()


def test_none_whole_is_an_error_and_none_at_all_is_not(tmp_path: Path) -> None:
    assert newest(tmp_path) == (None, [])
    for step in (1, 2):
        (saved(tmp_path, step) / "state.json").write_text("{}")
    with pytest.raises(CheckpointError, match=r"no checkpoint of .* is whole .*another --name"):
        newest(tmp_path)


def test_a_sick_network_leaves_no_step_folder(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError):
        save(step_folder(tmp_path, 1), {"w": torch.tensor(float("nan"))}, {}, {"step": 1})
    assert os.listdir(tmp_path) == []


class Killed(BaseException):
    pass


def interrupted(monkeypatch: pytest.MonkeyPatch, at: int, end: Callable[[], None]) -> list[str]:
    """From the call `at` on, whatever makes files appear does not return."""
    calls: list[str] = []
    for name in ("fsync", "replace", "rename"):
        inner = getattr(os, name)

        def wrapped(*args: Any, name: str = name, inner: Any = inner) -> Any:
            calls.append(name)
            if len(calls) == at:
                end()
            return inner(*args)

        monkeypatch.setattr(files.os, name, wrapped)
    return calls


def raised() -> None:
    raise Killed


def died() -> None:
    os._exit(9)


CALLS = 4 * 3 + 3  # each file, then the folder: synced, renamed, its parent synced


@pytest.mark.parametrize("at", range(1, CALLS + 2))
@pytest.mark.parametrize("end", [raised, died])
def test_a_save_that_is_cut_short_leaves_the_checkpoint_before(
    end: Callable[[], None], at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved(tmp_path, 1)
    child = os.fork() if end is died else None
    if child:
        cut = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    else:
        with monkeypatch.context() as patched:
            interrupted(patched, at, end)
            try:
                saved(tmp_path, 2)
                cut = False
            except Killed:
                cut = True
        if child == 0:
            os._exit(0)
        assert not [*tmp_path.glob(".tmp-*")]
    assert cut == (at <= CALLS)
    found, warnings = newest(tmp_path)
    assert found is not None and warnings == []
    assert found.step == (1 if at < CALLS else 2)
    files.sweep(tmp_path)
    for path in tmp_path.iterdir():
        assert path.name in ("step-00000001", "step-00000002")
        load(path)


def test_prune_keeps_the_last(tmp_path: Path) -> None:
    for step in (1, 2, 10, 11):
        saved(tmp_path, step)
    prune(tmp_path, 2, 11)
    assert sorted(os.listdir(tmp_path)) == ["step-00000010", "step-00000011"]


@pytest.mark.parametrize(
    ("always", "kept"), [(None, [10, 11]), (2, [2, 4, 9, 10, 11]), (5, [9, 10, 11]), (1, STEPS)]
)
def test_prune_keeps_multiples_beside_the_last(
    always: int | None, kept: list[int], tmp_path: Path
) -> None:
    for step in STEPS:
        saved(tmp_path, step)
    prune(tmp_path, 2, 11, always=always)
    assert sorted(os.listdir(tmp_path)) == [f"step-{step:08d}" for step in kept]


def test_prune_leaves_what_is_later_than_the_last_whole_one(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        saved(tmp_path, step)
    (step_folder(tmp_path, 3) / "MANIFEST.json").unlink()
    prune(tmp_path, 1, 2)
    assert sorted(os.listdir(tmp_path)) == ["step-00000002", "step-00000003"]


@pytest.mark.parametrize("fused", [False, True])
def test_an_optimisers_state_makes_the_round_trip(fused: bool, tmp_path: Path) -> None:
    def layer() -> tuple[nn.Linear, torch.optim.Optimizer]:
        made = nn.Linear(2, 1)
        nn.init.ones_(made.weight)
        nn.init.ones_(made.bias)
        return made, torch.optim.Adam(made.parameters(), lr=0.1, fused=fused)

    def descend(made: nn.Linear, adam: torch.optim.Optimizer, by: float) -> None:
        adam.zero_grad()
        (made(torch.tensor([by, 1.0])) ** 2).sum().backward()
        adam.step()

    (first, one), (second, two) = layer(), layer()
    for by in (0.5, -2.0, 3.0):
        descend(first, one, by)
    save_weights(tmp_path / "s", checkpoint.optimizer_tensors("G", one), {})
    tensors, _ = load_weights(tmp_path / "s")
    checkpoint.restore_optimizer("G", two, tensors)
    second.load_state_dict(first.state_dict())
    descend(first, one, 0.7)
    descend(second, two, 0.7)
    assert torch.equal(first.weight, second.weight) and torch.equal(first.bias, second.bias)


def test_the_files_mode_follows_the_umask(tmp_path: Path) -> None:
    old = os.umask(0o027)
    try:
        folder = saved(tmp_path, 1)
    finally:
        os.umask(old)
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o640}
    assert folder.stat().st_mode & 0o777 == 0o750
