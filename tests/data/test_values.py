from dataclasses import fields
from functools import reduce
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.data.values import Values, range_of

FLOATS = st.floats(-(2.0**100), 2.0**100, width=32)


def drawn(dtype, seed=0, shape=(11, 13, 2)):
    rng = np.random.default_rng(seed)
    if dtype == "float32":
        return (rng.normal(0, 10, shape) ** 3).astype(np.float32)
    return rng.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def row(numbers):
    return np.array(numbers, np.float32).reshape(1, -1, 1)


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_states_add_in_any_order(dtype):
    states = [Values.of(drawn(dtype, seed)) for seed in range(4)]
    one, other = reduce(add, states), states[3] + states[1] + (states[2] + states[0])
    for field in fields(Values):
        if field.name not in ("colours", "border"):
            assert np.array_equal(getattr(one, field.name), getattr(other, field.name))
    assert one.colours.counts.sum() == one.pixels == 4 * 11 * 13


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("percent", [0, 0.1, 1, 37.5, 50, 99.9, 100])
def test_percentiles_of_integers_are_exact(dtype, percent):
    pictures = [drawn(dtype, seed) for seed in range(3)]
    together = np.concatenate(pictures).reshape(-1, 2)
    true = np.percentile(together, percent, axis=0, method="inverted_cdf")
    assert reduce(add, map(Values.of, pictures)).percentile(percent) == pytest.approx(true, abs=0)


@given(st.lists(FLOATS, min_size=1, max_size=50), st.floats(0, 100))
def test_percentiles_of_floats_are_exact_to_a_part_in_128(numbers, percent):
    found = Values.of(row(numbers)).percentile(percent)[0]
    rank = min(max(1, int(np.ceil(percent / 100 * len(numbers)))), len(numbers))
    true = float(np.sort(np.float32(numbers))[rank - 1])
    assert abs(found - true) <= abs(true) / 128 + 1e-38  # denormals have bins of one width


def test_the_ends_of_floats_are_exact_and_a_narrow_range_is_resolved():
    picture = np.linspace(1000, 1001, 10001, dtype=np.float32).reshape(1, -1, 1)
    values = Values.of(picture)
    assert (values.low, values.high) == ([1000], [1001])
    assert values.percentile(100) == [1001]
    for percent in (1, 25, 50, 99):
        assert values.percentile(percent)[0] == pytest.approx(1000 + percent / 100, abs=1e-3)


def test_the_range_spans_all_channels():
    picture = np.zeros((10, 10, 2), np.uint16)
    picture[..., 0] = np.arange(100).reshape(10, 10)
    picture[..., 1] = 500 + picture[..., 0]
    assert range_of(Values.of(picture), 10, 90) == (9, 589)


def test_what_is_not_finite_is_counted_and_left_out():
    numbers = [np.nan, 1, np.inf, 2, -np.inf, np.nan, 3, np.nan]
    values = Values.of(row(numbers))
    assert (values.nan, values.infinite, values.empty, values.pixels) == (3, 2, 0, 8)
    assert (values.low, values.high, values.counts.sum()) == ([1], [3], 3)
    assert values.colours.values.tolist() == [[1], [2], [3]]


def test_a_picture_without_numbers_is_empty():
    values = Values.of(np.full((4, 5, 3), np.nan, np.float32))
    assert (values.empty, values.constant, values.nan) == (1, 0, 60)
    assert np.isnan(values.percentile(50)).all()
    assert np.isnan(range_of(values, 0, 100)).all()
    more = values + Values.of(np.ones((4, 5, 3), np.float32))
    assert (more.empty, more.constant, range_of(more, 0, 100)) == (1, 1, (1, 1))


def test_constant_pictures_are_of_one_colour():
    colour = np.zeros((3, 4, 3), np.uint8) + np.array([1, 2, 3], np.uint8)
    assert Values.of(colour).constant == 1
    colour[2, 3, 1] += 1
    assert Values.of(colour).constant == 0


def test_equal_neighbours_are_counted_over_all_channels():
    picture = np.array([[[1, 1], [1, 1], [1, 2], [1, 2]]], np.uint8)
    assert Values.of(picture).same == 2


def test_other_kinds_of_pictures_do_not_add():
    one, other = Values.of(drawn("uint8")), Values.of(drawn("uint16"))
    with pytest.raises(ValueError, match="uint8 in 2 channels and uint16 in 2 channels do not add"):
        one + other
