import numpy as np
import pytest

from img2img.base.metrics.attempt import Attempt, attempted
from img2img.base.metrics.collection import Observer
from img2img.base.metrics.mean import Mean


def bright(picture):
    if not picture.any():
        raise ValueError("a black picture")
    return float(picture.max())


BRIGHT = Observer(bright, lambda made, first: Mean.of(made))
BLACK, WHITE = np.zeros((2, 2, 1), np.uint8), np.ones((2, 2, 1), np.uint8)


def observed(*pictures):
    watch = attempted(BRIGHT)
    return watch.observe([watch.prepare(each) for each in pictures], 0)


def test_an_attempt_that_succeeds_is_the_state():
    both = observed(WHITE) + observed(WHITE, WHITE)
    assert both == both and (both.state, both.refusal) == (Mean(3, 3.0), None)


@pytest.mark.parametrize("place", range(3))
def test_one_refused_picture_leaves_the_set_without_a_state(place):
    pictures = [WHITE] * 3
    pictures[place] = BLACK
    for found in (observed(*pictures), sum(map(observed, pictures[1:]), observed(pictures[0]))):
        assert (found.state, found.refusal) == (None, "a black picture")


def test_what_observes_and_what_adds_may_refuse_too():
    class Stubborn:
        def __add__(self, other):
            raise ValueError("of other channels")

    def refuse(made, first):
        raise ValueError("too few")

    assert attempted(Observer(bright, refuse)).observe([1.0], 0).refusal == "too few"
    assert (Attempt(Stubborn()) + Attempt(Stubborn())).refusal == "of other channels"


def test_other_errors_are_no_refusals():
    with pytest.raises(AttributeError):
        attempted(BRIGHT).prepare(None)
