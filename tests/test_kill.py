"""A run that is killed at any moment goes on, and ends as if nothing had happened."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from img2img.base import checkpoint
from img2img.base.weights import CheckpointError

KILLS = 25
OPTIONS = (
    "--size", "32", "--steps", "60", "--generator.channels", "4", "--discriminator.channels", "4",
    "--report.save", "1", "--report.samples", "7", "--report.validate-every", "20",
    "--report.pictures", "2",
)  # fmt: skip
GAMES = {
    "cyclegan": ("--pool", "4", "--generator.blocks", "1", "--generator.dropout", "0.5"),
    "progressive": (  # 15 steps at each resolution, 15 in each fade
        "--growth.fade", "60", "--growth.stable", "60", "--growth.batches", "4",
        "--generator.latent", "4",
    ),
}  # fmt: skip


def start(root: Path, mode: str) -> subprocess.Popen[bytes]:
    options = ["--mode", mode, *OPTIONS, *GAMES[mode], "--checkpoints", str(root)]
    command = [sys.executable, "-m", "img2img", "train", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def last_whole_step(run: Path) -> int:
    try:
        found, _ = checkpoint.newest(run)
    except CheckpointError as error:
        pytest.fail(f"nothing whole is left: {error}")
    return found.step if found else 0


@pytest.mark.stress
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mode", GAMES)
def test_a_run_killed_at_any_moment_ends_with_the_weights_of_an_unbroken_one(mode, tmp_path):
    chance = random.Random(0)
    broken = tmp_path / "broken" / mode
    reached = 0
    for _ in range(KILLS):
        process = start(tmp_path / "broken", mode)
        before = last_whole_step(broken)
        while process.poll() is None and last_whole_step(broken) == before < 60:
            time.sleep(0.05)
        time.sleep(chance.uniform(0, 0.4))  # in a step, or in a save
        process.kill()
        process.wait()
        step = last_whole_step(broken)
        assert step >= reached, "a finished save was lost"
        reached = step
    for root in ("broken", "unbroken"):
        process = start(tmp_path / root, mode)
        _, said = process.communicate()
        assert process.returncode == 0, said.decode()
    ends = [checkpoint.newest(tmp_path / root / mode)[0] for root in ("broken", "unbroken")]
    assert [end.step for end in ends] == [60, 60]
    for group in ("weights", "state"):
        first, second = (getattr(end, group) for end in ends)
        assert first.keys() == second.keys()
        assert all(first[key].equal(second[key]) for key in first)
    logs = [(tmp_path / root / mode / "log.jsonl").read_text() for root in ("broken", "unbroken")]
    assert logs[0] == logs[1]
    assert not [*broken.glob(".tmp-*")]
