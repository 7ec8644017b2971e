import numpy as np

from img2img.data.alignment import Shift
from img2img.data.misalignment import misaligned


def drawn(seed, count, confidence=0.3):
    """Shifts of pairs that have nothing in common."""
    places = np.random.default_rng(seed).integers(-16, 17, (count, 2))
    return [Shift(int(dx), int(dy), confidence) for dx, dy in places]


def silent(found):
    return not (found.systematic or found.outliers or found.strangers or found.unrelated)


def test_pairs_in_place_say_nothing():
    found = misaligned([Shift(0, 0, 9.0)] * 20)
    assert found.shift == (0, 0)
    assert found.agreeing == 1
    assert silent(found)


def test_no_pairs_say_nothing():
    assert silent(misaligned([]))


def test_a_set_that_is_shifted_is_systematic_though_no_pair_is_sure():
    found = misaligned([Shift(3, -5, 1.0)] * 8 + drawn(0, 12))
    assert found.systematic
    assert found.shift == (3, -5)
    assert not (found.outliers or found.unrelated)


def test_the_few_that_agree_by_chance_are_no_set():
    found = misaligned([Shift(3, -5, 1.0)] * 7 + drawn(0, 100))
    assert found.shift == (0, 0)
    assert not found.systematic


def test_the_shift_of_most_is_chosen_among_neighbours():
    found = misaligned([Shift(4, 4, 9.0)] * 6 + [Shift(5, 4, 9.0)] * 5 + [Shift(4, 3, 9.0)] * 5)
    assert found.shift == (4, 4)
    assert found.agreeing == 1


def test_a_pixel_is_not_called_a_shift():
    assert silent(misaligned([Shift(1, -1, 9.0)] * 20))


def test_a_pair_that_is_surely_shifted_otherwise_is_an_outlier():
    unsure, sure = Shift(0, 6, 1.6), Shift(0, 6, 9.0)
    assert misaligned([Shift(0, 0, 9.0)] * 20 + [sure, unsure]).outliers == [20]
    # where all are shifted, the one in place is the outlier
    found = misaligned([Shift(0, 0, 9.0)] + [sure] * 20)
    assert found.systematic
    assert found.outliers == [0]
    assert misaligned([sure]).outliers == [0]


def test_a_pair_without_common_edges_is_a_stranger_where_the_others_have_them():
    lost = Shift(-9, 4, 0.4)
    assert misaligned([Shift(0, 0, 9.0)] * 20 + [lost]).strangers == [20]
    assert misaligned([Shift(0, 0, 2.0)] * 20 + [lost]).strangers == []


def test_contents_that_are_shuffled_are_unrelated():
    for seed in range(20):
        found = misaligned(drawn(seed, 40))
        assert found.unrelated
        assert not (found.systematic or found.outliers or found.strangers)
    assert not misaligned(drawn(0, 10)).unrelated  # too few to tell


def test_pairs_that_are_each_surely_shifted_their_own_way_are_not_unrelated():
    found = misaligned(drawn(1, 40, confidence=9.0))
    assert not (found.unrelated or found.systematic)
    assert len(found.outliers) > 35
