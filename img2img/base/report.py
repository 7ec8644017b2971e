"""What a run tells: progress, log.jsonl, timing.jsonl, TensorBoard and sample sheets."""

import json
import time
from collections.abc import Iterable, Mapping
from math import inf, isfinite, isnan
from pathlib import Path
from types import TracebackType
from typing import Any

import torch
from numpy.typing import NDArray
from rich.columns import Columns
from rich.console import Console, RenderableType
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Column
from rich.text import Text

from img2img import files, images
from img2img.base.trainer import Step

FLUSH = 0.5  # seconds between looks at the device's figures
LINE = 10.0  # seconds between plain lines where there is no terminal
ADVICE = (
    "what was saved before is kept; train under another --name with a lower --optimization.lr, or"
    " with --optimization.clip 1"
)


class DivergedError(RuntimeError):
    """A loss, a weight or an output is not finite."""


class Bar(Progress):
    """How far the run is, on a line that only the bar gives way on; beneath it the last losses."""

    losses: tuple[str, ...] = ()

    def __init__(self, console: Console, *, disable: bool) -> None:
        fixed = Column(no_wrap=True)
        super().__init__(
            TextColumn("{task.description}"), BarColumn(None),
            MofNCompleteColumn(table_column=fixed), TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(table_column=fixed), TimeRemainingColumn(table_column=fixed),
            console=console, disable=disable,
        )  # fmt: skip

    def get_renderables(self) -> Iterable[RenderableType]:
        """The line, then as many losses side by side as fit."""
        yield self.make_tasks_table(self.tasks)
        yield Columns([Text(loss) for loss in self.losses], padding=(0, 2))


class Report:
    """Writes a run's figures; `with` it, the progress is shown."""

    def __init__(
        self, run: Path, *, first: int, total: int, tensorboard: bool, quiet: bool = False
    ) -> None:
        self.run, self.first, self.total = run, first, total
        self.console = Console(quiet=quiet, highlight=False, emoji=False)
        self.quiet = quiet
        self.waiting: list[tuple[int, dict[str, torch.Tensor], dict[str, float]]] = []
        self.flushed = self.printed = self.started = time.monotonic()
        self.progress = Bar(self.console, disable=quiet or not self.console.is_terminal)
        self.bar = self.progress.add_task("train", total=total, completed=first, rate="")
        self.writer: Any = None
        if tensorboard and not quiet:
            from torch.utils.tensorboard import SummaryWriter

            self.writer = SummaryWriter(str(run / "tensorboard"), purge_step=first)
        if not quiet:
            cut_back(run / "log.jsonl", first)
            cut_back(run / "timing.jsonl", first)

    def __enter__(self) -> "Report":
        self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.progress.stop()
        self.close()

    def close(self) -> None:
        """Nothing more is to be told but lines."""
        if self.writer:
            self.writer.close()

    def line(self, text: str) -> None:
        """A line of text, above the progress bar."""
        self.console.print(text, markup=False, soft_wrap=True)

    def step(self, step: Step, lr: Mapping[str, float]) -> None:
        """Note a step; its figures are fetched from the device now and then, not every time."""
        self.waiting.append((step.number + 1, step.losses, dict(lr)))
        if time.monotonic() - self.flushed > FLUSH:
            self.flush()

    def flush(self) -> None:
        """Write the figures of the steps that wait.

        Raises:
            DivergedError: a loss is not finite.
        """
        waiting, self.waiting = self.waiting, []
        self.flushed = now = time.monotonic()
        terms: dict[str, float] = {}
        for number, losses, lr in waiting:
            values = torch.stack([v.float() for v in losses.values()]).tolist() if losses else []
            terms = {k: float(f"{v:.6g}") for k, v in zip(losses, values, strict=True)}
            self._check(number, terms)
            self._append("log.jsonl", {"step": number, "losses": terms, "lr": lr})
        if not waiting:
            return
        done, _, lr = waiting[-1]
        rate = (done - self.first) / max(now - self.started, 1e-9)
        self._append("timing.jsonl", {"step": done, "seconds": round(now - self.started, 3)})
        self._show(done, terms, rate, now)
        self._scalars(done, {"losses": terms, "lr": lr})

    def figures(self, number: int, kind: str, figures: Mapping[str, float], **facts: Any) -> None:
        """Figures of another kind than losses, such as validation, after so many steps.

        The facts stand beside them on the log's line; what is not defined is left out.
        """
        self.flush()
        defined = {name: value for name, value in figures.items() if not isnan(value)}
        rounded = {name: float(f"{value:.6g}") for name, value in defined.items()}
        self._append("log.jsonl", {"step": number, kind: rounded, **facts})
        self._scalars(number, {kind: rounded})

    def sheet(self, number: int, picture: NDArray[Any]) -> Path:
        """A sheet of samples after so many steps."""
        path = self.run / "samples" / f"{number:08d}.png"
        if not self.quiet:
            images.write(path, picture)
        if self.writer:
            self.writer.add_image("samples", picture, number, dataformats="HWC")
        return path

    def _check(self, number: int, terms: Mapping[str, float]) -> None:
        for name, value in terms.items():
            if not isfinite(value):
                raise DivergedError(f"step {number}: the loss {name} is {value}; {ADVICE}")

    def _show(self, done: int, losses: Mapping[str, float], rate: float, now: float) -> None:
        self.progress.losses = tuple(f"{name} {value:.3g}" for name, value in losses.items())
        self.progress.update(self.bar, completed=done, rate=f"{rate:.1f} steps/s")
        plain = not self.console.is_terminal and not self.quiet
        if plain and (now - self.printed > LINE or done == self.total):
            left = (self.total - done) / max(rate, 1e-9)
            figures = (f"{rate:.1f} steps/s", f"{left:.0f} s left", *self.progress.losses)
            self.line("  ".join((f"step {done}/{self.total}", *figures)))
            self.printed = now

    def _append(self, name: str, line: Mapping[str, Any]) -> None:
        if self.quiet:
            return
        path = self.run / name
        try:
            with path.open("a") as file:
                file.write(json.dumps(line).replace("Infinity", "1e999") + "\n")
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from error

    def _scalars(self, number: int, groups: Mapping[str, Mapping[str, float]]) -> None:
        if self.writer:
            for group, figures in groups.items():
                for name, value in figures.items():
                    self.writer.add_scalar(f"{group}/{name}", value, number)


def cut_back(log: Path, step: int) -> None:
    """Drop a log's lines after `step`, and those that a crash left damaged."""
    if log.exists():
        lines = log.read_bytes().splitlines(keepends=True)
        files.write(log, b"".join(line for line in lines if numbered(line) <= step))


def numbered(line: bytes) -> float:
    """The step of a log's line; infinite if the line is not whole."""
    try:
        return int(json.loads(line)["step"]) if line.endswith(b"\n") else inf
    except (ValueError, KeyError, TypeError):
        return inf
