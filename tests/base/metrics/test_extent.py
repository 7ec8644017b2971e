import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.base.metrics.extent import Extent, doubt


def unit(*values):
    return np.array(values, np.float64).reshape(-1, 1, 1)


@given(st.lists(st.floats(-2, 2), min_size=2, max_size=20), st.integers(1, 19))
def test_extents_do_not_depend_on_how_the_values_are_split(values, cut):
    cut = min(cut, len(values) - 1)
    parts = Extent.of(unit(*values[:cut])) + Extent.of(unit(*values[cut:]))
    assert parts == Extent.of(unit(*values)) == parts + Extent()


def test_what_is_hidden_or_no_number_does_not_count():
    values = unit(0.5, 3, np.nan, np.inf, -1)
    mask = np.array([[True], [False], [True], [True], [True]])
    assert Extent.of(values, mask) == Extent(0.5, 1, 2)


@pytest.mark.parametrize(
    ("values", "dtype", "told"),
    [
        ((0, 0.05), "uint16", "no value of the real pictures is above 0.05 of the range of uint16"),
        ((0, 0.05), "uint8", None),
        ((0, 0.05), "float32", None),
        ((0, 0.5), "uint16", None),
        ((0, 0.5, -781), "float32", "33% of the real pictures' values lie outside the range"),
        ((*[0.5] * 200, 1.1), "float32", None),
        ((), "float32", None),
    ],
)
def test_a_range_that_was_not_meant_is_doubted(values, dtype, told):
    found = doubt(Extent.of(unit(*values)), dtype)
    assert found is None if told is None else found.startswith(told)
