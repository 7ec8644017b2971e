import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.data.domain import Domain
from img2img.data.groups import check_whole, shared_out
from img2img.data.rows import Row, Table

X, XY = ("x",), ("x", "y")


def rows_of(*sizes: int) -> list[Row]:
    """Groups g0, g1, ... of so many rows."""
    groups = [f"g{g}" for g, size in enumerate(sizes) for _ in range(size)]
    return [Row(i + 2, Path(f"{i}.png"), group=group) for i, group in enumerate(groups)]


def given_away(rows: list[Row], sides=X) -> list[Row]:
    return [row for row in shared_out(rows, sides) if row.split == "val"]


@pytest.mark.parametrize("count", [3, 9, 10, 19, 99, 1001])
def test_rows_without_a_group_are_shared_out_like_files(count):
    files = tuple(Path(f"{i}.png") for i in range(count))
    _, shared = Domain(Path(), files).shared_out()
    rows = [Row(i + 2, file) for i, file in enumerate(files)]
    assert [row.x for row in given_away(rows)] == [*shared.files]
    assert [row._replace(split="train") for row in shared_out(rows, X)] == rows


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40))
def test_groups_go_whole_and_train_keeps_most(sizes):
    shared = shared_out(rows_of(*sizes), X)
    places = {(row.group, row.split) for row in shared}
    assert len(places) == len(sizes)
    val = sum(row.split == "val" for row in shared)
    assert val <= max(min(100, len(shared) // 10), min(sizes))
    assert 3 * val <= len(shared)


def test_equal_groups_are_taken_every_tenth_in_natural_order():
    val = {row.group for row in given_away(rows_of(*[7] * 30))}
    assert val == {"g9", "g19", "g29"}


def test_where_all_groups_are_large_the_smallest_is_given():
    assert {row.group for row in given_away(rows_of(50, 30, 40))} == {"g1"}
    assert given_away(rows_of(50, 30)) == []  # more than a third
    assert given_away(rows_of(50)) == given_away(rows_of(3, 3, 3)) == []


@given(st.randoms(use_true_random=False))
def test_the_choice_does_not_depend_on_the_order_of_the_rows(rng: random.Random):
    rows = [*rows_of(3, 1, 4, 1, 5, 9, 2, 6), *(Row(99 + i, Path(f"s{i}.png")) for i in range(40))]
    shuffled = rng.sample(rows, len(rows))
    assert {row.number for row in given_away(shuffled)} == {row.number for row in given_away(rows)}


def test_a_given_split_is_left_alone():
    rows = [row._replace(split="test") for row in rows_of(*[1] * 30)]
    assert shared_out(rows, X) == rows
    mixed = [row._replace(split="test") if row.number % 2 else row for row in rows_of(*[1] * 40)]
    assert {row.split for row in mixed if row.number % 2} == {"test"}
    assert len(given_away(mixed)) == 2


def test_rows_that_share_a_picture_are_shared_out_together():
    rows = [Row(i + 2, Path(f"x{i}.png"), Path(f"y{i // 3}.png")) for i in range(90)]
    val = given_away(rows, XY)
    assert len(val) == 9 and len({row.y for row in val}) == 3
    chain = [Row(i + 2, Path(f"x{(i + 1) // 2}.png"), Path(f"y{i // 2}.png")) for i in range(30)]
    assert given_away(chain, XY) == []  # each row tied to the next: one group


@pytest.mark.parametrize(("many", "few"), [(40, 20), (15, 15), (1001, 10)])
def test_domains_apart_give_a_tenth_each_or_nothing(many, few):
    A = [Row(i + 2, x=Path(f"a{i}.png")) for i in range(many)]
    B = [Row(i + 2000, y=Path(f"b{i}.png")) for i in range(few)]
    val = given_away(A + B, XY)
    k = 11 if many > 1000 else 10
    assert (sum(row.x is not None for row in val), len(val)) == (many // k, many // k + few // 10)
    assert given_away(A + B[:9], XY) == []


def test_train_keeps_something_that_can_be_drawn():
    rows = rows_of(*[1] * 10)
    ninth = [row._replace(weight=float(row.group == "g9")) for row in rows]
    assert given_away(rows)[0].group == "g9" and given_away(ninth) == []


def refused(*rows: Row) -> str:
    with pytest.raises(ValueError) as caught:
        check_whole(Table(Path("data.csv"), rows, ()))
    return str(caught.value)


def test_a_group_in_two_splits_is_named_with_its_rows():
    x = [Path(f"{i}.png") for i in range(9)]
    two = [Row(i + 2, x[i], group="p7", split="test" if i == 5 else "train") for i in range(9)]
    assert refused(*two) == (
        "data.csv: group 'p7' stands in train (rows 2, 3, 4, 5, 6, and 3 more) and test (row 7); "
        "put all of its rows into one split"
    )
    check_whole(Table(Path("data.csv"), tuple(row._replace(split="val") for row in two), ()))


def test_a_picture_in_two_splits_is_named():
    x, y, z = map(Path, ("x.png", "s/y.png", "z.png"))
    said = refused(Row(2, x, y), Row(3, z, y, split="test"))
    assert "picture 's/y.png' stands in train (row 2) and test (row 3)" in said
