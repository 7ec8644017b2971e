import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from img2img.base import draws
from img2img.base.pool import ImagePool


def numbered(first: int, count: int) -> Tensor:
    """Pictures that can be told apart: one value each."""
    return torch.arange(first, first + count).float().reshape(-1, 1, 1, 1).expand(-1, 2, 3, 3)


def numbers(pictures: Tensor) -> list[int]:
    assert (pictures == pictures[:, :1, :1, :1]).all()
    return [int(picture[0, 0, 0]) for picture in pictures]


def fed(pool: ImagePool, sizes: list[int], *, first: int = 0, step: int = 0) -> list[list[int]]:
    """What a pool gives back for batches of these sizes, its pictures numbered from `first`."""
    out = []
    for number, size in enumerate(sizes, step):
        draws.begin(draws.Position(0, number, "D"))
        out.append(numbers(pool(numbered(first, size))))
        first += size
    return out


@given(size=st.integers(1, 6), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_a_pool_gives_back_what_it_was_given_and_keeps_its_size(size, sizes) -> None:
    pool = ImagePool(size)
    out = fed(pool, sizes)
    assert [len(batch) for batch in out] == sizes
    given_back = [number for batch in out for number in batch]
    seen = set(range(sum(sizes)))
    kept = numbers(torch.stack(pool.images))
    assert set(given_back) <= seen and set(kept) <= seen
    assert len(kept) == len(set(kept)) == min(size, sum(sizes))
    assert given_back[:size] == [*range(min(size, sum(sizes)))]  # filling, each passes through
    swapped = [number for place, number in enumerate(given_back) if number != place]
    assert len(swapped) == len(set(swapped))  # what was given back is no longer kept
    assert not set(swapped) & set(kept)


def test_about_half_is_swapped_for_any_place_in_a_full_pool() -> None:
    pool = ImagePool(5)
    out = [number for batch in fed(pool, [1] * 2000) for number in batch]
    swapped = [place - number for place, number in enumerate(out) if number != place]
    assert len(swapped) / 1995 == pytest.approx(0.5, abs=0.04)
    # a place is taken with chance 1/10 a step: the ages of the swapped are geometric
    assert sum(swapped) / len(swapped) == pytest.approx(10, rel=0.1)


def test_a_pool_of_nothing_lets_everything_pass() -> None:
    pictures = numbered(0, 3)
    assert ImagePool(0)(pictures) is pictures


def test_a_pools_state_makes_the_round_trip() -> None:
    pool, other = ImagePool(4), ImagePool(4)
    fed(pool, [3, 3])
    other.load_state_dict(pool.state_dict())
    assert fed(pool, [2] * 8, first=6, step=2) == fed(other, [2] * 8, first=6, step=2)


def test_an_empty_pools_state_is_empty() -> None:
    pool = ImagePool(4)
    other = ImagePool(4)
    fed(other, [2])
    other.load_state_dict(pool.state_dict())
    assert other.images == []


def test_a_state_follows_the_pictures_to_their_device() -> None:
    pool = ImagePool(1)
    pool.set_extra_state(numbered(7, 1))
    draws.begin(draws.Position(0, 0, "D"))
    made = pool(torch.empty((20, 2, 3, 3), device="meta"))
    assert made.device.type == "meta"


@pytest.mark.parametrize("size", [1, 8])  # swapped in, and taken in while it fills
def test_what_is_kept_holds_no_whole_batch_alive(size: int) -> None:
    pool = ImagePool(size)
    pool(numbered(0, 8).contiguous())
    assert all(kept.untyped_storage().nbytes() == 4 * kept.numel() for kept in pool.images)


def test_where_pictures_grow_the_pool_forgets_the_smaller_ones() -> None:
    pool = ImagePool(2)
    draws.begin(draws.Position(0, 0))
    pool(torch.zeros(2, 1, 4, 4))
    grown = pool(torch.ones(1, 1, 8, 8))
    assert grown.shape == (1, 1, 8, 8) and [kept.shape[-1] for kept in pool.images] == [8]
