from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.page.standing import standing, worst_first

FIGURES = st.lists(st.floats(width=16), max_size=8)


@given(FIGURES, st.sampled_from([True, False, None]))
def test_the_worst_comes_first_and_the_undefined_last(values, rises):
    order = worst_first(values, rises)
    assert sorted(order) == list(range(len(values)))
    sorted_values = [values[i] for i in order]
    defined = [value for value in sorted_values if not isnan(value)]
    assert all(map(isnan, sorted_values[len(defined) :]))
    assert defined == sorted(defined, reverse=not rises)


def test_equals_stay_as_they_came():
    assert worst_first([1, 0, 1, nan, 0, nan], rises=False) == [0, 2, 1, 4, 3, 5]


@pytest.mark.parametrize(("rises", "shares"), [(True, [1, 0.75, 0]), (False, [0, 0.25, 1])])
def test_shares_go_from_0_at_the_best_to_1_at_the_worst(rises, shares):
    scale = standing([10, 15, 30], rises)
    assert [scale.share(value) for value in (10, 15, 30)] == shares


def test_the_infinite_stands_at_its_end_and_the_undefined_nowhere():
    falling, rising = standing([1, 2, inf, nan], False), standing([1, 2, -inf, inf], True)
    assert falling.share(inf) == rising.share(-inf) == 1
    assert rising.share(inf) == 0
    assert falling.share(nan) is None
    assert (falling.worst, rising.worst) == (inf, -inf)


@given(st.lists(st.floats(), max_size=6), st.booleans())
def test_shares_of_anything_lie_between_0_and_1(values, rises):
    scale = standing(values, rises)
    shares = [scale.share(value) for value in values]
    assert all(share is None or 0 <= share <= 1 for share in shares)


@pytest.mark.parametrize("values", [[], [3.0], [3.0, 3.0, nan], [nan]])
def test_none_is_the_worst_where_all_are_equal(values):
    scale = standing(values, True)
    assert scale.worst is None
    assert scale.share(3.0) is None


def test_an_infinite_figure_stands_apart_from_equal_ones():
    scale = standing([3.0, inf, 3.0], True)  # psnr, one of them of equal pictures
    assert scale.worst == 3.0
    assert scale.share(inf) == 0
