"""Device, precision and processes: the only file that knows Accelerate."""

import os
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import torch
from torch import Tensor, distributed, nn

PRECISIONS = {"fp32": torch.float32, "bf16": torch.bfloat16}
NO_MEMORY = ("out of memory", "allocate memory", "not enough memory")  # by CUDA, MPS and the CPU


def pick_device(name: str) -> torch.device:
    """The device called so; `auto` is CUDA, then Apple's MPS, then the CPU.

    Raises:
        ValueError: the device is not there.
    """
    if name == "auto":
        cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
        name = "cuda" if cuda else "mps" if mps else "cpu"
    known = name == "cpu" or (name.startswith("cuda") and torch.cuda.is_available())
    if not known and not (name == "mps" and torch.backends.mps.is_available()):
        raise ValueError(f"device {name!r} is not there; choose auto, cpu, cuda, cuda:N or mps")
    return torch.device(name)


def out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, on whatever device; torch says so in words alone on most."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in NO_MEMORY)


class Runtime:
    """The machine of one run. Networks are never wrapped; gradients are averaged by hand."""

    def __init__(
        self, device: str = "auto", precision: str = "fp32", *, accumulate: int = 1
    ) -> None:
        self.device = pick_device(device)
        if int(os.environ.get("WORLD_SIZE", "1")) > 1:  # started by torchrun or accelerate launch
            from accelerate import PartialState

            self.device = PartialState(cpu=self.device.type == "cpu").device
        self.precision = precision
        self.accumulate = accumulate
        self.process, self.processes = process(), processes()

    @property
    def is_main(self) -> bool:
        """Whether this process writes files."""
        return self.process == 0

    def autocast(self) -> AbstractContextManager[Any]:
        """Arithmetic in the run's precision."""
        if self.precision == "fp32":
            return nullcontext()
        # no cache: a term's graph, with the cast weights in it, is freed before the next is built
        return torch.autocast(
            self.device.type, dtype=PRECISIONS[self.precision], cache_enabled=False
        )

    def move(self, batch: Any) -> Any:
        """The batch, a named tuple, with its tensors on the device."""
        return type(batch)(
            *(f.to(self.device, non_blocking=True) if isinstance(f, Tensor) else f for f in batch)
        )

    @property
    def shares(self) -> int:
        """Into how many parts the global batch falls, over all processes."""
        return self.processes * self.accumulate

    def parts(self, batch: Any) -> list[tuple[int, Any]]:
        """This process's batch in the parts to accumulate over, each with its share's number."""
        rows = len(batch[0]) // self.accumulate
        first = self.process * self.accumulate
        return [
            (first + i, type(batch)(*(part(field, i * rows, rows) for field in self.move(batch))))
            for i in range(self.accumulate)
        ]

    def average(self, weights: Iterable[nn.Parameter]) -> None:
        """Give every process the mean of their gradients; a missing one counts as zero.

        What is missing on all of them stays so: an optimiser leaves such weights alone.
        """
        if self.processes == 1:
            return
        weights = list(weights)
        there = torch.tensor([float(weight.grad is not None) for weight in weights])
        moving = self.mean(there.to(self.device)).tolist()
        weights = [weight for weight, share in zip(weights, moving, strict=True) if share]
        for weight in weights:
            if weight.grad is None:
                weight.grad = torch.zeros_like(weight)
        gradients = [weight.grad for weight in weights if weight.grad is not None]
        if not gradients:
            return
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        means = torch.split(flat / self.processes, [gradient.numel() for gradient in gradients])
        for gradient, mean in zip(gradients, means, strict=True):
            gradient.copy_(mean.view_as(gradient))

    def mean(self, values: Tensor) -> Tensor:
        """The mean over processes of a tensor of figures."""
        if self.processes > 1:
            values = values.clone()
            distributed.all_reduce(values)
            values /= self.processes
        return values

    def wait(self) -> None:
        """Until every process is here."""
        if self.processes > 1:
            distributed.barrier()


def part(field: Any, first: int, rows: int) -> Any:
    """Some rows of a batch's field; of one that is absent, nothing."""
    return None if field is None else field[first:][:rows]


def process() -> int:
    """The number of this process, from 0."""
    return distributed.get_rank() if distributed.is_initialized() else 0


def processes() -> int:
    """How many processes run together."""
    return distributed.get_world_size() if distributed.is_initialized() else 1


def gather(rows: Tensor, device: torch.device) -> Tensor:
    """Every process's rows, in the order of the processes, sent through the run's device."""
    if processes() == 1:
        return rows
    rows = rows.to(device).contiguous()  # GPUs exchange nothing that lies on the CPU
    everyone = [torch.empty_like(rows) for _ in range(processes())]
    distributed.all_gather(everyone, rows)
    return torch.cat(everyone)


def own_rows(rows: Tensor) -> Tensor:
    """This process's part of gathered rows."""
    return rows.chunk(processes())[process()]
