import numpy as np
import pytest
from pytest import approx
from sklearn.linear_model import LogisticRegression

from img2img.base.metrics.regression import logistic


@pytest.mark.parametrize(("count", "d", "penalty"), [(60, 3, 1.0), (20, 50, 0.1), (30, 4, 10.0)])
def test_it_is_sklearns(count, d, penalty):
    drawn = np.random.default_rng(0)
    rows = drawn.standard_normal((count, d))
    signs = np.where(rows[:, 0] + drawn.standard_normal(count) > 0.3, 1.0, -1.0)
    oracle = LogisticRegression(C=1 / penalty, tol=1e-10, max_iter=10_000).fit(rows, signs)
    weights, bias = logistic(rows, signs, penalty)
    assert weights == approx(oracle.coef_[0], abs=1e-5)
    assert bias == approx(oracle.intercept_[0], abs=1e-5)


def test_its_gradient_is_0():
    rows = np.random.default_rng(0).standard_normal((40, 5)) * 3
    signs = np.where(np.arange(40) % 3 > 0, 1.0, -1.0)
    weights, bias = logistic(rows, signs, 0.5)
    slopes = -signs / (1 + np.exp(signs * (rows @ weights + bias)))
    assert 0.5 * weights + slopes @ rows == approx(np.zeros(5), abs=1e-4)
    assert slopes.sum() == approx(0, abs=1e-4)
