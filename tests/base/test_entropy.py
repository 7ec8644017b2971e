from math import exp, log

import pytest
import torch

from img2img.base.entropy import SHARPNESS, cross_entropy


def one_hot(*classes, of=3):
    return (torch.eye(of)[list(classes)].T * 2 - 1).reshape(1, of, 1, -1)


def test_it_is_the_cross_entropy_of_a_softmax():
    planes = torch.tensor([0.5, -0.2, 0.1]).reshape(1, 3, 1, 1)
    powers = [exp(SHARPNESS * value) for value in (0.5, -0.2, 0.1)]
    expected = -log(powers[1] / sum(powers))
    assert cross_entropy(planes, one_hot(1)).item() == pytest.approx(expected, rel=1e-6)


def test_a_sure_and_right_answer_costs_almost_nothing_and_a_wrong_one_10():
    right, wrong = cross_entropy(one_hot(0, 1), one_hot(0, 2)).ravel().tolist()
    assert right < 1e-3 and wrong == pytest.approx(2 * SHARPNESS, abs=1e-3)


def test_the_weight_is_that_of_the_right_class():
    planes, weights = torch.zeros(1, 3, 1, 3), torch.tensor([1.0, 2.0, 4.0])
    costs = cross_entropy(planes, one_hot(0, 1, 2), weights).ravel()
    assert costs.tolist() == pytest.approx([log(3), 2 * log(3), 4 * log(3)])


def test_where_no_class_is_shown_nothing_is_asked():
    assert cross_entropy(torch.randn(1, 3, 1, 1), torch.full((1, 3, 1, 1), -1.0)).item() == 0
