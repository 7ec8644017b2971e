from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.base.metrics.features import Features, check_two

ROWS = np.random.default_rng(0).standard_normal((12, 3)).astype(np.float32)


@given(st.sets(st.integers(1, 11)), st.randoms())
def test_rows_are_the_same_however_they_were_split_and_in_whatever_order_added(cuts, chance):
    edges = [0, *sorted(cuts), 12]
    parts = [Features.of(ROWS[first:last], first=first) for first, last in pairwise(edges)]
    chance.shuffle(parts)
    whole = reduce(add, parts, Features())
    assert len(whole) == 12 and whole.rows.dtype == np.float32
    assert np.array_equal(whole.rows, ROWS)


@given(st.integers(0, 11))
def test_no_picture_is_in_two_sets(first):
    with pytest.raises(ValueError, match=f"picture {first} is in two sets; number them"):
        (Features.of(ROWS[first : first + 1], first=first) + Features.of(ROWS)).rows  # noqa: B018


def test_numbers_may_have_gaps():
    both = Features.of(ROWS[6:], first=100) + Features.of(ROWS[:6])
    assert np.array_equal(both.rows, ROWS)


@pytest.mark.parametrize("dtype", [np.float64, np.float16, np.int64, np.uint8])
def test_all_but_float32_becomes_float64(dtype):
    rows = Features.of(np.arange(6).reshape(2, 3).astype(dtype)).rows
    assert rows.dtype == np.float64 and np.array_equal(rows, [[0, 1, 2], [3, 4, 5]])


def test_one_part_is_not_copied():
    assert Features.of(ROWS).rows is ROWS


def test_none_is_a_state_too():
    assert Features.of(np.empty((0, 3))).parts == ()
    assert len(Features()) == 0 and Features().rows.shape == (0, 0)
    assert np.array_equal((Features() + Features.of(ROWS)).rows, ROWS)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.zeros(3), r"are \(n, d\), a row for each picture, not \(3,\)"),
        (np.zeros((3, 0)), r"not \(3, 0\)"),
        ([[1, np.nan]], "some of 1 features are not finite"),
        ([[1, np.inf]], "not finite; leave them out"),
    ],
)
def test_what_is_no_row_of_numbers_is_refused(rows, message):
    with pytest.raises(ValueError, match=message):
        Features.of(rows)


def test_rows_of_two_lengths_have_no_figure():
    wide = Features.of(np.zeros((2, 4)), first=12)
    with pytest.raises(ValueError, match="3 and 4 dimensions; compare those of one extractor"):
        (Features.of(ROWS) + wide).rows  # noqa: B018
    with pytest.raises(ValueError, match="3 and 4 dimensions"):
        check_two(Features.of(ROWS), wide)
    with pytest.raises(ValueError, match="2 real pictures are too few; give 5 or more"):
        check_two(Features.of(ROWS), wide, least=5)
