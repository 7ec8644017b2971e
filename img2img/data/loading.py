"""Loading: endless batches that follow from the seed and the step alone."""

import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

import torch
from torch.utils.data import DataLoader, Dataset, default_collate

from img2img.base.draws import seeded
from img2img.data.keys import Key


class Samples(Protocol):
    """A data set of `len` samples an epoch: `Singles`, `Pairs`, `Unpaired` or `Resolved`."""

    def __len__(self) -> int: ...

    def sample(self, key: Key, /) -> Any:
        """A training sample; equal keys give equal samples."""

    def still(self, index: int, /) -> Any:
        """Sample `index` in natural order, without chance."""


def batches(
    samples: Samples,
    *,
    batch_size: int,
    seed: int,
    first_step: int = 0,
    takes: Callable[[int], range] | None = None,
    share: int = 0,
    shares: int = 1,
    workers: int = 0,
) -> Iterator[Any]:
    """Collated samples without end from `first_step` on, each epoch flowing over into the next.

    `batch_size` counts all processes; process `share` of `shares` gets its slice of every batch.
    `takes` says which samples a step takes, counted without end, where their number changes.

    Raises:
        ValueError: a batch does not divide among the processes; or a picture's fault.
    """
    whole = takes or (lambda step: range(step * batch_size, (step + 1) * batch_size))
    _slice(whole(first_step), share, shares)  # at once, not when the first batch is asked for
    places = (_slice(whole(step), share, shares) for step in count(first_step))
    loader = DataLoader(
        _Guarded(samples),
        batch_sampler=([Key(seed, *divmod(n, len(samples))) for n in ns] for ns in places),
        collate_fn=_collate,
        num_workers=workers,
        persistent_workers=workers > 0,
        timeout=300 if workers else 0,  # seconds; without it a stopped worker is waited for forever
        worker_init_fn=_ignore_interrupt,
        generator=torch.Generator(),  # keeps its own draws off the global state
    )
    return _raising(loader)


def _slice(whole: range, share: int, shares: int) -> range:
    """A process's part of a batch."""
    if len(whole) % shares:
        raise ValueError(
            f"batch size {len(whole)} does not divide among {shares} processes; "
            f"choose a multiple of {shares}"
        )
    width = len(whole) // shares
    return whole[share * width :][:width]


def still(
    samples: Samples, *, batch_size: int = 1, limit: int | None = None, seed: int | None = None
) -> Iterator[Any]:
    """All samples in natural order and without chance, collated; at most `limit` of them.

    Those are the first, or by a `seed` drawn from all, and the same at every call.
    """
    indices: Sequence[int] = range(len(samples))[:limit]
    if seed is not None and len(indices) < len(samples):
        drawn = torch.randperm(len(samples), generator=seeded("stills", seed))
        indices = sorted(drawn[: len(indices)].tolist())
    for first in range(0, len(indices), batch_size):
        yield collated([samples.still(i) for i in indices[first : first + batch_size]])


@dataclass(frozen=True)
class _Guarded(Dataset[Any]):
    """Returns a picture's error as a value: raised in a worker it would come out as a traceback."""

    samples: Samples

    def __getitems__(self, keys: list[Key]) -> list[Any] | Exception:
        try:
            return [self.samples.sample(key) for key in keys]
        except (ValueError, OSError) as error:
            return error


def collated(samples: list[Any]) -> Any:
    """Samples as one of batches: field by field, what is absent stays so."""
    fields = zip(*samples, strict=True)
    whole = (None if each[0] is None else default_collate(list(each)) for each in fields)
    return type(samples[0])(*whole)


def _collate(made: list[Any] | Exception) -> Any:
    return made if isinstance(made, Exception) else collated(made)


def _raising(loader: DataLoader[Any]) -> Iterator[Any]:
    for batch in loader:
        if isinstance(batch, Exception):
            raise batch
        yield batch


def _ignore_interrupt(worker: int) -> None:
    """Ctrl-C is for the main process, which saves first; its SIGTERM must still end a worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
