from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from img2img.base.growth import Growth, levels

PAPER = Growth(size=1024, batch_size=16, batches=(16, 16, 16, 16, 16, 16, 14, 6, 3))

counts = st.integers(1, 60)
growths = st.builds(
    Growth,
    size=st.sampled_from([4, 8, 16, 32]),
    batch_size=st.integers(1, 9),
    fade=counts,
    stable=counts,
    batches=st.lists(st.integers(1, 9), max_size=5).map(tuple),
)


def walked(growth: Growth) -> Iterator[tuple[Fraction, range]]:
    """Level and pictures of every step, by going through all of them."""
    first = 0
    for level in range(levels(growth.size) + 1):
        sizes = growth.batches or (growth.batch_size,)
        batch = sizes[min(level, len(sizes) - 1)]
        for images, fades in ((growth.fade if level else 0, True), (growth.stable, False)):
            for shown in range(0, images, batch):
                alpha = Fraction(shown, images) if fades else Fraction(1)
                yield level - 1 + alpha, range(first, first + batch)
                first += batch


@given(growth=growths)
def test_every_step_has_the_level_and_the_pictures_that_a_walk_finds(growth: Growth) -> None:
    expected = list(walked(growth))
    assert growth.steps == len(expected)
    assert growth.images == expected[-1][1].stop
    for step, (level, pictures) in enumerate(expected):
        assert growth.level(step) == pytest.approx(float(level), abs=1e-12)
        assert growth.batch(step) == pictures
        assert growth.resolution(step) == 4 * 2 ** -(-level // 1)


@given(growth=growths)
def test_pictures_follow_each_other_and_the_level_never_falls(growth: Growth) -> None:
    assert growth.batch(0).start == 0 and growth.level(0) == 0
    for step in range(growth.steps + 5):
        assert growth.batch(step).stop == growth.batch(step + 1).start
        assert growth.level(step) <= growth.level(step + 1)


@given(growth=growths)
def test_a_doubling_begins_with_alpha_0_and_ends_at_the_next_level(growth: Growth) -> None:
    assert len(growth.doubles) == levels(growth.size)
    for level, step in enumerate(growth.doubles):
        batch = len(growth.batch(step))
        assert growth.level(step) == level
        if batch < growth.fade:
            assert growth.level(step + 1) == pytest.approx(level + batch / growth.fade)
        assert growth.level(step + -(-growth.fade // batch)) == level + 1


@given(growth=growths, beyond=st.integers(0, 10**9))
def test_in_the_end_everything_stays(growth: Growth, beyond: int) -> None:
    step = growth.steps + beyond
    assert growth.level(step) == levels(growth.size)
    assert growth.resolution(step) == growth.size
    assert len(growth.batch(step)) == len(growth.batch(growth.steps - 1))


def test_the_papers_run_shows_13_6_million_pictures() -> None:
    assert PAPER.doubles[:3] == [50_000, 150_000, 250_000]
    assert [PAPER.level(step) for step in (49_999, 50_000, 75_000, 87_500, 100_000)] == [
        0, 0, 0.5, 0.75, 1,
    ]  # fmt: skip
    assert [len(PAPER.batch(step + 1)) for step in PAPER.doubles[-3:]] == [14, 6, 3]
    assert 0 <= PAPER.images - 17 * 800_000 < 17 * 16


def test_counts_stay_exact_beyond_what_floats_hold() -> None:
    growth = Growth(size=8, batch_size=3, fade=10**20 + 1, stable=10**20)
    step = growth.doubles[0] + 10**19
    assert growth.batch(step) == range(3 * step, 3 * step + 3)
    assert growth.level(step) == pytest.approx(0.3)


@pytest.mark.parametrize("size", [0, 2, 3, 48])
def test_another_size_is_one_sentence(size: int) -> None:
    with pytest.raises(ValueError, match=f"squares of 4, 8, 16, ... pixels, not {size}"):
        Growth(size=size, batch_size=1)


@pytest.mark.parametrize(
    "wrong", [{"batch_size": 0}, {"fade": 0}, {"stable": -1}, {"batches": (4, 0)}]
)
def test_no_count_is_below_1(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="counts from 1 on"):
        Growth(**{"size": 8, "batch_size": 1, **wrong})


def test_counts_may_differ_by_resolution_the_last_holds_for_all_beyond() -> None:
    growth = Growth(size=32, batch_size=1, fade=(1, 2), stable=(3, 4))
    assert [phase.images for phase in growth.phases()] == [3, 1, 4, 2, 4, 2, 4]
