import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.glicko import Rating, _root, rated

PLAYER = Rating(1500, 200, 0.06)
OPPONENTS = [Rating(1400, 30), Rating(1550, 100), Rating(1700, 300)]


def test_the_published_example():
    after = rated(PLAYER, list(zip(OPPONENTS, (1, 0, 0), strict=True)), tau=0.5)
    assert after.skill == approx(1464.06, abs=0.01)
    assert after.deviation == approx(151.52, abs=0.01)
    assert after.volatility == approx(0.05999, abs=1e-5)
    assert after.volatility == approx(0.059995984, abs=1e-9)  # to more digits than are published


def test_who_does_not_play_is_only_less_sure():
    after = rated(PLAYER, [])
    assert after == (1500, approx((200**2 + (0.06 * 173.7178) ** 2) ** 0.5), 0.06)


scores = st.lists(st.floats(0, 1), min_size=3, max_size=3)


@settings(max_examples=30)
@given(scores, st.permutations(range(3)), st.integers(0, 2))
def test_the_order_of_games_does_not_matter_and_a_better_score_raises(won, order, which):
    games = list(zip(OPPONENTS, won, strict=True))
    after = rated(PLAYER, games)
    assert rated(PLAYER, [games[k] for k in order]) == approx(after)
    games[which] = (OPPONENTS[which], 1.0)
    assert rated(PLAYER, games).skill >= after.skill - 1e-6
    assert after.deviation < PLAYER.deviation


def test_what_was_to_be_expected_moves_nobody_and_a_surprise_unsettles():
    even = rated(PLAYER, [(PLAYER, 0.5)] * 4)
    assert even.skill == approx(1500)
    upset = rated(Rating(1500, 50), [(Rating(2500, 50), 1.0)] * 8, tau=1.2)
    assert upset.volatility > 0.06 > even.volatility


@pytest.mark.parametrize("target", [0.1, 0.5, 0.9])
def test_a_root_is_found_between_its_bounds(target):
    assert _root(lambda x: x**3 - target, 0.0, 1.0) == approx(target ** (1 / 3), abs=1e-9)
