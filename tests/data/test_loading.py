import subprocess
import sys
from itertools import chain, islice
from typing import NamedTuple

import numpy as np
import pytest
import torch
from handed import Handed, halves

from img2img.data.keys import Key
from img2img.data.loading import batches, collated, still
from img2img.data.samples import Domains
from img2img.data.sets import Unpaired
from img2img.data.transforms import Recipe
from img2img.images import Levels, UnreadableError


class Number(NamedTuple):
    x: torch.Tensor
    stem: str
    place: int


class Numbers:
    """Samples that say which key they were made from; one of them may be broken."""

    def __init__(self, count: int, broken: int = -1) -> None:
        self.count, self.broken = count, broken

    def __len__(self) -> int:
        return self.count

    def sample(self, key: Key) -> Number:
        if key.position == self.broken:
            raise UnreadableError(f"cannot read {key.position}.png: truncated; replace it")
        return Number(torch.tensor([float(key.epoch)]), f"{key.seed}", key.position)

    def still(self, index: int) -> Number:
        return Number(torch.zeros(1), "", index)


def drawn(steps: int, samples: Numbers | None = None, **options) -> list[list[tuple[int, int]]]:
    """(epoch, position) of the samples of each batch."""
    options = {"batch_size": 2, "seed": 5} | options
    some = islice(batches(samples or Numbers(5), **options), steps)
    return [[(int(e), int(p)) for e, p in zip(b.x, b.place, strict=True)] for b in some]


def test_batches_flow_from_one_epoch_into_the_next():
    flat = [place for batch in drawn(5) for place in batch]
    assert flat == [(epoch, position) for epoch in (0, 1) for position in range(5)]


def test_a_batch_larger_than_an_epoch_still_fills():
    assert drawn(1, Numbers(2), batch_size=5) == [[(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]]


@pytest.mark.parametrize("workers", [0, 2])
def test_batches_can_start_at_any_step_with_any_workers(workers):
    assert drawn(4, first_step=3, workers=workers) == drawn(7)[3:]


@pytest.mark.parametrize("shares", [2, 4])
def test_the_shares_of_all_processes_are_the_whole_batch(shares):
    parts = [drawn(4, batch_size=4, share=share, shares=shares) for share in range(shares)]
    assert [list(chain(*batch)) for batch in zip(*parts, strict=True)] == drawn(4, batch_size=4)


def test_a_batch_that_does_not_divide_is_refused_at_once():
    with pytest.raises(ValueError, match="batch size 3 does not divide among 2 processes; choose"):
        batches(Numbers(5), batch_size=3, seed=0, shares=2)


def test_collated_samples_keep_their_type():
    batch = next(batches(Numbers(5), batch_size=3, seed=7))
    assert isinstance(batch, Number)
    assert batch.x.shape == (3, 1) and list(batch.stem) == ["7"] * 3


@pytest.mark.parametrize("workers", [0, 1])
def test_a_fault_comes_out_of_a_worker_as_it_is(workers):
    stream = batches(Numbers(5, broken=3), batch_size=2, seed=0, workers=workers)
    next(stream)
    with pytest.raises(UnreadableError) as caught:
        next(stream)
    assert str(caught.value) == "cannot read 3.png: truncated; replace it"


def test_loading_leaves_the_global_random_state_alone():
    before = torch.get_rng_state()
    drawn(3)
    assert (torch.get_rng_state() == before).all()


def masked(index: int) -> Domains:
    zeros = torch.zeros(1, 2, 2)
    return Domains(zeros, zeros, "a", index, None, torch.full((1, 2, 2), float(index)))


def test_what_samples_lack_their_batch_lacks_too():
    batch = collated([masked(3), masked(4)])
    assert isinstance(batch, Domains) and batch.mask_x is None
    assert batch.mask_y[:, 0, 0, 0].tolist() == batch.index.tolist() == [3, 4]


def test_masks_come_out_of_workers_as_they_are_made_here():
    draw = np.random.default_rng(0)
    pictures = [draw.integers(0, 256, (12, 16, 1), np.uint8) for _ in range(3)]
    x = Handed(pictures, [halves(12, 16), None, halves(12, 16)])
    gray = Levels(channels=1)
    samples = Unpaired(x, Handed(pictures), Recipe(size=8, resize="none"), (gray, gray))
    streams = [batches(samples, batch_size=2, seed=0, workers=workers) for workers in (0, 2)]
    for one, two in islice(zip(*streams, strict=True), 3):
        assert torch.equal(one.x, two.x) and torch.equal(one.mask_x, two.mask_x)
        assert one.mask_y is two.mask_y is None
        assert one.mask_x.shape == (2, 1, 8, 8)


def test_stills_are_all_of_a_split_in_order():
    assert [b.place.tolist() for b in still(Numbers(5), batch_size=2)] == [[0, 1], [2, 3], [4]]
    assert [b.place.tolist() for b in still(Numbers(5), limit=2)] == [[0], [1]]
    assert len(list(still(Numbers(3), limit=8))) == 3


def test_a_limit_of_stills_is_drawn_from_all_of_them_by_the_seed():
    def drawn(**options):
        return [it for b in still(Numbers(100), batch_size=3, **options) for it in b.place.tolist()]

    some = drawn(limit=20, seed=1)
    assert some == drawn(limit=20, seed=1) == sorted({*some}) and len(some) == 20
    assert some != drawn(limit=20, seed=2) and max(some) > 50
    assert {*drawn(limit=10, seed=1)} <= {*some}  # fewer are among more
    assert drawn(limit=200, seed=1) == drawn(seed=1) == drawn() == [*range(100)]
    assert drawn(limit=0, seed=1) == []


ENDS = """
import signal
import torch
from img2img.data.loading import batches

class Numbers:
    def __len__(self):
        return 5

    def sample(self, key):
        return torch.zeros(1)

signal.signal(signal.SIGTERM, lambda number, frame: None)  # as a run that saves before it stops
stream = batches(Numbers(), batch_size=1, seed=0, workers=1)
next(stream)
"""


def test_a_program_ends_while_its_workers_still_wait():
    subprocess.run([sys.executable, "-c", ENDS], check=True, timeout=60)
