import numpy as np
import pytest

from img2img.data.alignment import Shift, shift
from img2img.data.town import town

SHIFTS = [(2, 0), (0, -2), (-5, 3), (8, -8), (4, 7)]


def moved(x, y, dx, dy, edge=8):
    """The pair without its edge, y moved by dx to the right and dy down."""
    height, width = x.shape[:2]
    window = x[edge : height - edge, edge : width - edge]
    return window, y[edge - dy : height - edge - dy, edge - dx : width - edge - dx]


@pytest.fixture(scope="module")
def pairs():
    split = town(0, 96, counts={"train": 12}).splits["train"]
    return list(zip(split.A, split.B, strict=True))


@pytest.mark.parametrize(("dx", "dy"), SHIFTS)
def test_a_map_moved_against_its_aerial_is_found_to_a_pixel(pairs, dx, dy):
    found = [shift(*moved(x, y, dx, dy)) for x, y in pairs]
    assert all(it.off((dx, dy)) <= 1 for it in found)
    assert np.mean([it.confidence >= 3 for it in found]) >= 0.9


def test_a_pair_in_place_has_no_shift_whatever_its_kinds(pairs):
    x, y = pairs[0]
    for other in (y, y[..., :1], y.astype(np.uint16) * 257, y / np.float32(1e6), 255 - y):
        assert shift(x, other)[:2] == (0, 0)
        assert shift(x, other).confidence > 3


def test_exchanging_the_pictures_turns_the_shift_round(pairs):
    x, y = moved(*pairs[1], 5, -3)
    there, back = shift(x, y), shift(y, x)
    assert there[:2] == (5, -3)
    assert back[:2] == (-5, 3)
    assert back.confidence == pytest.approx(there.confidence)


def test_different_scenes_inspire_no_confidence(pairs):
    assert max(shift(x, pairs[i - 1][1]).confidence for i, (x, _) in enumerate(pairs)) < 3


def test_without_edges_there_is_no_confidence(pairs):
    x, _ = pairs[0]
    for other in (np.zeros_like(x), np.full(x.shape, np.nan, np.float32)):
        assert shift(x, other) == shift(other, x) == Shift(0, 0, 0.0)
    assert shift(x[:4, :4], x[:4, :4]) == Shift(0, 0, 0.0)


def test_a_few_values_that_are_not_finite_do_no_harm(pairs):
    x, y = pairs[2]
    spoilt = y.astype(np.float32)
    spoilt[5, 5], spoilt[40, 41] = np.nan, -np.inf
    assert shift(x, spoilt)[:2] == (0, 0)


def test_of_large_pictures_the_middle_is_compared():
    rng = np.random.default_rng(0)
    x = rng.random((1600, 520, 1)).astype(np.float32)
    y = np.roll(x, (3, -2), (0, 1))
    y[:544] = y[1056:] = rng.random((544, 520, 1))
    assert shift(x, y)[:2] == (-2, 3)
    assert shift(x, y).confidence > 3


def test_unequal_sizes_are_refused():
    with pytest.raises(ValueError, match="of 9 x 8 and 8 x 8 pixels cannot be aligned; resize"):
        shift(np.zeros((8, 9, 1)), np.zeros((8, 8, 3)))
