import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from img2img.base.metrics.softmax import classifier


def draw(count, classes=3, seed=0):
    random = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    return random.standard_normal((count, 4)) + np.eye(classes, 4)[labels] * 2, labels


@pytest.mark.parametrize("decay", [0.1, 1, 30])
def test_it_is_the_optimum_that_scikit_learn_finds(decay):
    rows, labels = draw(120)
    scaler = StandardScaler().fit(rows)
    theirs = LogisticRegression(C=1 / decay, tol=1e-10, max_iter=2000)
    theirs.fit(scaler.transform(rows), labels)
    logits = classifier(rows, labels, decay=decay).logits(rows)
    expected = theirs.decision_function(scaler.transform(rows))
    assert logits - logits.mean(1)[:, None] == approx(
        expected - expected.mean(1)[:, None], abs=1e-4
    )


@settings(max_examples=10)
@given(st.integers(0, 99))
def test_neither_order_nor_units_change_what_it_says(seed):
    rows, labels = draw(60, seed=seed)
    order = np.random.default_rng(seed).permutation(60)
    once = classifier(rows, labels).logits(rows)
    scaled = rows * [1, 100, 0.01, -3] + 7
    assert classifier(rows[order], labels[order]).logits(rows) == approx(once, abs=1e-4)
    again = classifier(scaled, labels).logits(scaled)
    assert again == approx(once, abs=1e-4)


def test_two_gaussians_are_told_by_the_line_between_them():
    rows = np.random.default_rng(0).standard_normal((4000, 1))
    labels = np.arange(4000) % 2
    model = classifier(rows + labels[:, None], labels, decay=1e-6)
    at = np.linspace(-1, 2, 7)
    logits = model.logits(at[:, None])
    assert logits[:, 1] - logits[:, 0] == approx(at - 0.5, abs=0.2)  # the log ratio of densities


def test_any_integers_are_labels_and_a_constant_feature_is_no_trouble():
    rows, labels = draw(90)
    rows[:, 3] = 0.1  # whose mean is not quite 0.1
    names = np.array([7, -2, 40])
    model = classifier(rows, names[labels])
    assert np.mean(model.labels(rows) == names[labels]) > 0.8
    assert model.scale[3] == 1


def test_what_cannot_be_learned_is_one_sentence():
    with pytest.raises(ValueError, match="1 class leaves nothing to tell apart; give two or more"):
        classifier(np.eye(3), [1, 1, 1])
    with pytest.raises(ValueError, match=r"2 labels of rows \(3, 3\); give one for each row"):
        classifier(np.eye(3), [1, 2])
