from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import default_rng

from img2img.data.keys import Key, Stream, draws
from img2img.data.loading import batches
from img2img.data.order import order, partner
from img2img.data.sets import Pairs, Singles, Unpaired
from img2img.data.transforms import Recipe
from img2img.images import Levels

RECIPE, RGB = Recipe(size=4, load=5), Levels(channels=3)
WEIGHTS = st.lists(st.integers(0, 50) | st.floats(0, 9), min_size=1, max_size=30).filter(sum)


class Rows:
    """Plain pictures, the gray level of each its index, drawn by weight."""

    masked = False

    def __init__(self, *weights: float) -> None:
        self.count, self.weights = len(weights), weights

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> np.ndarray:
        return np.full((5, 5, 3), index, np.uint8)

    def mask(self, index: int) -> None: ...

    def stem(self, index: int) -> str:
        return str(index)


@pytest.mark.parametrize("key", [Key(0, 0, 0), Key(3, 7, 5)])
def test_without_weights_the_order_is_the_permutation_it_has_always_been(key):
    first = draws(Key(key.seed, key.epoch, 0), Stream.ORDER)
    assert (order(key, 20) == default_rng(first).permutation(20)).all()
    assert partner(key, 20, 9) == default_rng(draws(key, Stream.PARTNER)).integers(9)


@given(WEIGHTS, st.integers(1, 100), st.integers(0, 10**6))
def test_each_row_stands_there_as_often_as_expected_rounded_up_or_down(weights, length, seed):
    expected = np.array(weights) / sum(weights) * length
    counts = np.bincount(order(Key(seed, 0, 0), length, weights), minlength=len(weights))
    assert counts.sum() == length
    assert (counts >= np.floor(expected + 1e-9)).all()
    assert (counts <= np.ceil(expected - 1e-9)).all()
    assert not counts[np.array(weights) == 0].any()


def test_the_mean_over_epochs_is_the_expected_count():
    weights = (0.3, 1, 1, 2.5, 0, 7)
    epochs = [np.bincount(order(Key(1, e, 0), 9, weights), minlength=6) for e in range(4000)]
    expected = np.array(weights) / sum(weights) * 9
    assert np.abs(np.mean(epochs, axis=0) - expected).max() < 4 * 0.5 / 4000**0.5


def test_a_rare_kind_of_weight_ten_is_seen_ten_times_as_often():
    weights = (10,) * 5 + (1,) * 950
    counts = np.bincount(order(Key(0, 0, 0), 1000, weights), minlength=955)
    assert counts[:5].tolist() == [10] * 5 and counts[5:].tolist() == [1] * 950


def test_any_two_rows_can_come_together():
    epochs = (order(Key(0, e, 0), 2, (1.0, 1.0, 1.0, 1.0)) for e in range(200))
    assert len({frozenset(map(int, epoch)) for epoch in epochs}) == 6


def test_equal_weights_show_each_once():
    assert sorted(order(Key(0, 0, 0), 50, (0.1,) * 50)) == list(range(50))


def test_copies_of_a_row_are_spread_over_the_epoch():
    places = np.flatnonzero(order(Key(0, 0, 0), 1000, (100, *(1,) * 900)) == 0)
    assert len(places) == 100
    assert abs(places.mean() - 499.5) < 4 * 1000 / 12**0.5 / 10


def test_the_order_follows_from_seed_and_epoch_alone():
    weights = (1.0, 2.0, 3.0) * 10
    first = order(Key(4, 2, 0), 30, weights)
    assert (order(Key(4, 2, 17), 30, list(weights)) == first).all()
    assert (order(Key(4, 3, 0), 30, weights) != first).any()
    assert (order(Key(5, 2, 0), 30, weights) != first).any()


def test_other_weights_are_not_taken_for_those_before():
    for rare in range(20):
        weights = tuple(float(row == rare) for row in range(20))
        assert order(Key(0, 0, 0), 3, weights).tolist() == [rare] * 3


def test_partners_come_by_their_weight_and_not_in_the_order_of_x():
    weights = (1, 3) * 50
    beside = [partner(Key(0, 0, place), 200, 100, weights) for place in range(200)]
    assert np.bincount(beside).tolist() == [1, 3] * 50
    assert (beside != order(Key(0, 0, 0), 200, weights)).any()


def test_training_samples_come_by_weight_and_stills_do_not():
    rows, plain = Rows(0, 1, 2), Rows(1, 1, 1)
    plain.weights = ()
    for samples in (
        Singles(rows, RECIPE, RGB),
        Pairs(rows, rows, RECIPE, (RGB, RGB)),
        Unpaired(rows, plain, RECIPE, (RGB, RGB)),
    ):
        seen = [samples.sample(Key(0, e, i)).index for e in range(4) for i in range(3)]
        assert np.bincount(seen).tolist() == [0, 4, 8]
        assert [samples.still(i).index for i in range(3)] == [0, 1, 2]
    unpaired = Unpaired(plain, rows, RECIPE, (RGB, RGB))
    seen = [unpaired.sample(Key(0, e, i)).y.mean() for e in range(4) for i in range(3)]
    levels = [round((float(level) + 1) * 127.5) for level in seen]
    assert np.bincount(levels).tolist() == [0, 4, 8]


def test_workers_do_not_change_what_the_weights_draw():
    samples = Singles(Rows(1, 2, 3, 4), RECIPE, RGB)
    streams = [batches(samples, batch_size=2, seed=0, workers=n) for n in (0, 2)]
    one, two = ([b.index.tolist() for b in islice(stream, 6)] for stream in streams)
    assert one == two
