from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.base.schedule import constant, cosine, linear


@given(full=st.integers(0, 50), falling=st.integers(1, 50), every=st.integers(1, 9))
def test_linear_is_the_references_rule_by_epochs(full: int, falling: int, every: int) -> None:
    factor = linear((full + falling) * every, constant=full * every, every=every)
    for epoch in range(full + falling):
        expected = 1 - max(0, epoch + 1 - full) / (falling + 1)
        for step in (epoch * every, (epoch + 1) * every - 1):
            assert factor(step) == pytest.approx(expected, abs=1e-12)


@given(total=st.integers(1, 300), share=st.floats(0, 1), every=st.integers(1, 20))
def test_linear_never_rises_and_its_last_step_still_learns(total, share, every) -> None:
    full = round(total * share)
    factor = linear(total, constant=full, every=every)
    values = [factor(step) for step in range(total)]
    assert all(a >= b for a, b in pairwise(values))
    assert all(value == 1 for value in values[:full])
    assert values[-1] > 0


@given(total=st.integers(1, 300))
def test_cosine_falls_from_one_and_its_last_step_still_learns(total: int) -> None:
    values = [cosine(total)(step) for step in range(total)]
    assert values[0] == 1 and values[-1] > 0
    assert all(a > b for a, b in pairwise(values))
    assert cosine(total)(total) == cosine(total)(total + 9) == pytest.approx(0)


def test_constant_is_one() -> None:
    assert {constant()(step) for step in (0, 1, 10**9)} == {1.0}
