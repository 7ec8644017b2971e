import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.tournament import Errors, battle, skill_ratings, win_rates

errors = st.integers(0, 50).map(lambda wrong: Errors(50, wrong))


@given(errors, errors, errors, errors)
def test_to_swap_the_models_inverts_both_ratios(one, two, of_two, of_one):
    there, back = battle((one, two), (of_two, of_one)), battle((two, one), (of_one, of_two))
    assert there.test * back.test == approx(1)
    assert there.samples * back.samples == approx(1)


def test_the_better_model_is_not_fooled_but_fools():
    even = Errors(100, 10)
    found = battle((even, even), (Errors(100, 0), Errors(100, 60)))
    assert found.test == 1
    assert found.samples == approx(0.5 / 60.5)


def test_no_error_of_all_is_no_ratio_of_0():
    assert Errors.of([False] * 9).rate == approx(0.05)
    assert Errors.of([True] * 9).rate == approx(0.95)
    assert Errors().rate == 0.5


@given(st.lists(st.booleans()), st.integers(0, 9))
def test_how_judgements_are_split_changes_nothing(wrong, cut):
    assert Errors.of(wrong[:cut]) + Errors.of(wrong[cut:]) == Errors.of(wrong)


def test_win_rates_are_means_over_those_played():
    discriminators, generators = win_rates([[0.0, 0.2], [1.0, np.nan], [np.nan, np.nan]])
    assert discriminators == approx(np.array([0.9, 0, np.nan]), nan_ok=True)
    assert generators == approx(np.array([0.5, 0.2]))


def test_skills_rank_as_win_rates_do_and_strangers_of_even_games_stay():
    fooled = [[0.5, 0.9, 0.1], [0.5, 0.8, 0.0]]
    discriminators, generators = skill_ratings(fooled)
    assert np.argsort([each.skill for each in generators]).tolist() == [2, 0, 1]
    assert generators[0].skill == approx(1500)
    assert discriminators[1].skill > 1500 > discriminators[0].skill - 1
    idle, _ = skill_ratings([[np.nan]])
    assert idle[0].skill == 1500


@pytest.mark.parametrize("shares", [[0.5], [[1.5]], [[-0.1]]])
def test_what_is_no_table_of_shares_is_one_sentence(shares):
    with pytest.raises(ValueError, match=r"are no shares \(discriminators, generators\) from 0"):
        win_rates(shares)
    with pytest.raises(ValueError, match="are no shares"):
        skill_ratings(shares)
