"""Logistic regression, regularised so that there may be fewer rows than dimensions."""

import numpy as np

from img2img.base.metrics.tiles import Floats


def logistic(rows: Floats, signs: Floats, penalty: float) -> tuple[Floats, float]:
    """Weights (d,) and bias that minimise penalty |w|^2 / 2 + sum log(1 + exp(-sign margin)).

    Args:
        rows: (n, d).
        signs: (n,), -1 or 1.
        penalty: Above 0.
    """
    from scipy.optimize import minimize

    def loss(values: Floats) -> tuple[float, Floats]:
        w, b = values[:-1], values[-1]
        margins = signs * (rows @ w + b)
        slopes = -signs * np.exp(-np.logaddexp(0, margins))
        gradient = np.append(penalty * w + slopes @ rows, slopes.sum())
        return float(penalty * w @ w / 2 + np.logaddexp(0, -margins).sum()), gradient

    start = np.zeros(rows.shape[1] + 1)
    options = {"maxiter": 1000, "maxfun": 2000, "ftol": 1e-14, "gtol": 1e-8}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return found[:-1], float(found[-1])
