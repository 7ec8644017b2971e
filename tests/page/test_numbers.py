from math import inf, nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from img2img.page.numbers import decades, machine, ticks, written


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.123456, "0.1235"),
        (-12.2, "−12.2"),
        (1e-7, "1e−7"),
        (123456.0, "1.235e5"),
        (inf, "∞"),
        (-inf, "−∞"),
        (nan, "–"),
        (np.float64(-2), "−2"),
    ],
)
def test_numbers_are_short(value, said):
    assert written(value) == said


@given(st.floats())
def test_a_script_reads_the_same_number(value):
    read = float(machine(np.float64(value)).replace("Infinity", "inf"))
    assert read == value or np.isnan([read, value]).all()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_few_round_and_inside(low, span):
    found = ticks(low, low + span)
    assert 2 <= len(found) <= 7
    assert low - 1e-6 * span <= found[0] <= found[-1] <= low + span * (1 + 1e-6)
    step = found[1] - found[0]
    assert np.diff(found) == approx(step, rel=1e-6)
    assert float(f"{step:.0e}") == approx(step, rel=1e-5)


def test_decades_are_powers_of_10_while_there_are_two():
    assert decades(1, 1000) == [1, 10, 100, 1000]
    assert decades(1e-12, 1e12, 5) == approx([1e-12, 1e-7, 1e-2, 1e3, 1e8])
    assert decades(2, 5) == approx([2, 3, 4, 5])
