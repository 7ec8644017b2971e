from math import isnan

from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.mean import Mean

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1)


@given(VALUES, st.integers(0, 50))
def test_splitting_and_adding_changes_nothing(values, cut):
    whole = Mean.of(values)
    parts = Mean.of(values[:cut]) + Mean.of(values[cut:])
    assert parts.count == whole.count
    assert parts.value == approx(whole.value, rel=1e-12, abs=1e-9)


def test_the_mean_of_nothing_is_undefined():
    assert isnan(Mean().value)
    assert (Mean() + Mean.of([2, 4])).value == 3
