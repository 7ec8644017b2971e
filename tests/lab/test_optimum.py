from math import log

import pytest
import torch

from img2img.lab.optimum import PAIRS, best, divergence, error, learn, logits, value

LOGISTIC, CAMEL = PAIRS["logistic"], PAIRS["camel"]


def test_of_two_shifted_gaussians_everything_has_a_closed_form():
    x = torch.linspace(-5, 5, 11, dtype=torch.float64)
    torch.testing.assert_close(best(LOGISTIC, x), 0.5 - x)
    assert divergence(LOGISTIC) == pytest.approx(0.1114214822, abs=1e-8)
    optimum = value(LOGISTIC, lambda x: 0.5 - x)
    assert optimum == pytest.approx(-1.1634513968, abs=1e-8)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_no_judge_is_better_than_p_over_p_plus_q(pair):
    optimum = value(pair, lambda x: best(pair, x))
    assert optimum == pytest.approx(2 * divergence(pair) - log(4), abs=1e-12)
    for change in (lambda s: s + 0.1, lambda s: 1.1 * s, lambda s: s + 0.1 * s.sin()):
        assert value(pair, lambda x, change=change: change(best(pair, x))) < optimum - 1e-5


def test_a_judge_that_says_half_everywhere_is_wrong_by_hand():
    assert value(LOGISTIC, torch.zeros_like) == pytest.approx(-log(4), abs=1e-9)
    # E |D* - 1/2| = TV / 2 = Phi(1/2) - 1/2
    assert error(LOGISTIC, torch.zeros_like) == pytest.approx(0.1914624613, abs=1e-6)


def test_a_logistic_judge_learns_the_line_half_minus_x():
    D = learn(LOGISTIC, steps=600)
    assert D.weight.item() == pytest.approx(-1, abs=0.05)
    assert D.bias.item() == pytest.approx(0.5, abs=0.05)
    assert value(LOGISTIC, lambda x: logits(D, x)) == pytest.approx(-1.16345, abs=5e-4)


def test_a_perceptron_learns_p_over_p_plus_q_of_a_pair_without_closed_form():
    D = learn(CAMEL, steps=500)
    assert error(CAMEL, lambda x: logits(D, x)) < 0.03
