import json
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from rich.console import Console
from rich.text import Text

from img2img import images
from img2img.base import report as module
from img2img.base.report import DivergedError, Report, cut_back
from img2img.base.trainer import Step


def made(run: Path, **options: Any) -> Report:
    return Report(run, **{"first": 0, "total": 100, "tensorboard": False, **options})


def step(number: int, **losses: float) -> Step:
    return Step(number, None, None, {key: torch.tensor(value) for key, value in losses.items()})


def lines(run: Path, name: str = "log.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / name).read_text().splitlines()]


def test_the_log_has_a_line_a_step_and_no_clock(tmp_path: Path) -> None:
    with made(tmp_path) as report:
        report.step(step(0, D=0.25, G=1 / 3), {"G": 2e-4})
        report.step(step(1, D=0.5), {"G": 1e-4})
        report.figures(2, "validation", {"l1": 0.125})
    assert lines(tmp_path) == [
        {"step": 1, "losses": {"D": 0.25, "G": 0.333333}, "lr": {"G": 2e-4}},
        {"step": 2, "losses": {"D": 0.5}, "lr": {"G": 1e-4}},
        {"step": 2, "validation": {"l1": 0.125}},
    ]
    assert [line.keys() for line in lines(tmp_path, "timing.jsonl")] == [{"step", "seconds"}]


def test_figures_are_fetched_now_and_then_not_every_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    report = made(tmp_path)
    for number in range(10):
        now[0] += module.FLUSH / 4
        report.step(step(number, D=1.0), {})
        assert len(report.waiting) <= 5
    assert len(lines(tmp_path, "timing.jsonl")) == 2
    report.flush()
    assert [line["step"] for line in lines(tmp_path)] == [*range(1, 11)]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_loss_that_is_not_finite_stops_the_run_and_is_named(value: float, tmp_path: Path) -> None:
    report = made(tmp_path)
    report.step(step(4, D=1.0), {})
    report.step(step(5, D=1.0, GAN=value), {})
    with pytest.raises(DivergedError, match=f"step 6: the loss GAN is {value}; what was saved"):
        report.flush()
    assert [line["step"] for line in lines(tmp_path)] == [5]


def test_a_step_on_which_nobody_played_is_logged_too(tmp_path: Path) -> None:
    report = made(tmp_path)
    report.step(step(0), {})
    report.flush()
    assert lines(tmp_path) == [{"step": 1, "losses": {}, "lr": {}}]


def test_a_run_gone_on_with_forgets_what_came_after_its_checkpoint(tmp_path: Path) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    for run in (whole, halves):
        run.mkdir()
        report = made(run)
        for number in range(6):
            report.step(step(number, D=number), {})
        report.flush()
    with (halves / "log.jsonl").open("a") as file:
        file.write('{"step": 7, "los')
    report = made(halves, first=3)
    for number in range(3, 6):
        report.step(step(number, D=number), {})
    report.flush()
    assert (halves / "log.jsonl").read_bytes() == (whole / "log.jsonl").read_bytes()


def test_damaged_lines_are_dropped(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_bytes(b'{"step": 1}\n\xff\0\n[]\n{"step": "x"}\n{"step": 2}\n{"step": 3}\n{"step": 2')
    cut_back(log, 2)
    assert log.read_bytes() == b'{"step": 1}\n{"step": 2}\n'
    cut_back(tmp_path / "none.jsonl", 2)
    assert not (tmp_path / "none.jsonl").exists()


def test_the_other_processes_write_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with made(tmp_path, quiet=True, tensorboard=True) as report:
        report.step(step(0, D=1.0), {})
        report.figures(1, "validation", {"l1": 1.0})
        report.sheet(1, np.zeros((2, 2, 3), np.uint8))
        report.line("hello")
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().out == ""


def test_a_sheet_is_a_picture_named_after_its_step(tmp_path: Path) -> None:
    picture = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    path = made(tmp_path).sheet(500, picture)
    assert path == tmp_path / "samples" / "00000500.png"
    assert np.array_equal(images.read(path), picture)


def test_without_a_terminal_plain_lines_tell_rate_time_left_and_losses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    report = made(tmp_path, first=10)
    now[0] = 20.0
    report.step(step(29, D=0.5, GAN=1.25), {})
    assert capsys.readouterr().out == ("step 30/100  1.0 steps/s  70 s left  D 0.5  GAN 1.25\n")


@pytest.mark.parametrize("width", [60, 80, 200])
def test_a_terminal_shows_count_rate_time_left_and_every_loss(
    width: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, terms = StringIO(), ["D_X", "D_Y", "G.gan", "F.gan", *(f"{t}_term" for t in "abcd")]

    def terminal(**options: Any) -> Console:
        return Console(width=width, height=24, force_terminal=True, file=screen, **options)

    monkeypatch.setattr(module, "Console", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with made(tmp_path, total=300_000) as report:
        report.step(step(12_344, **dict.fromkeys(terms, 0.125)), {})
        report.started -= 1000
        report.flush()
        report.line("x" * 300)
        report.progress.tasks[0].get_time = lambda: report.progress.tasks[0].start_time + 1000
        screen.truncate(screen.seek(0))
        report.progress.refresh()
        shown = Text.from_ansi(screen.getvalue()).plain.splitlines()
    bar = next(line for line in shown if "train" in line)
    assert "12345/300000 12.3 steps/s 0:16:40 " in bar and "…" not in bar
    assert bar.split()[-1].count(":") == 2
    assert max(map(len, shown)) <= width
    for term in terms:
        assert any(f"{term} 0.125" in line for line in shown if line != bar)


def test_tensorboard_gets_the_same_figures(tmp_path: Path) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    with made(tmp_path, tensorboard=True) as report:
        report.step(step(0, D=0.5), {"G": 0.25})
        report.figures(1, "validation", {"l1": 2.0})
    events = EventAccumulator(str(tmp_path / "tensorboard"))
    events.Reload()
    assert {tag: events.Scalars(tag)[0].value for tag in events.Tags()["scalars"]} == {
        "losses/D": 0.5,
        "lr/G": 0.25,
        "validation/l1": 2.0,
    }
