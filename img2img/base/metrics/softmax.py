"""Softmax regression: the plainest classifier of features, to judge sets by what it learns."""

from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Softmax(NamedTuple):
    """A fitted classifier of K classes."""

    classes: NDArray[np.int64]
    """(K,): the labels it knows, rising."""
    mean: Floats
    """(d,)"""
    scale: Floats
    """(d,): the standard deviation, 1 of what is constant."""
    weights: Floats
    """(d + 1, K), the last row for the bias."""

    def logits(self, rows: ArrayLike) -> Floats:
        """(n, K) of rows (n, d)."""
        standard = (np.asarray(rows, np.float64) - self.mean) / self.scale
        logits: Floats = _padded(standard) @ self.weights
        return logits

    def labels(self, rows: ArrayLike) -> NDArray[np.int64]:
        """(n,): the likeliest class of each row (n, d)."""
        likeliest: NDArray[np.int64] = self.classes[self.logits(rows).argmax(axis=1)]
        return likeliest


def classifier(
    rows: ArrayLike, labels: ArrayLike, *, decay: float = 1.0, steps: int = 500
) -> Softmax:
    """Fit to rows (n, d), standardised first, and their labels (n,), by L-BFGS from 0.

    It minimises sum_i -log p(label_i | row_i) + decay / 2 |W|^2 without the bias: the optimum is
    one, and no seed is needed.

    Raises:
        ValueError: the counts differ, or there are fewer than two classes.
    """
    from scipy.optimize import minimize  # slow to import

    x = np.asarray(rows, np.float64)
    classes, truth = np.unique(np.asarray(labels, np.int64), return_inverse=True)
    if x.ndim != 2 or truth.shape != x.shape[:1]:
        raise ValueError(f"{truth.size} labels of rows {x.shape}; give one for each row")
    if len(classes) < 2:
        raise ValueError(f"{len(classes)} class leaves nothing to tell apart; give two or more")
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale <= 1e-12 * np.abs(mean)] = 1  # a constant, but for rounding
    loss = partial(_loss, _padded((x - mean) / scale), truth, decay)
    start = np.zeros((x.shape[1] + 1) * len(classes))
    limits = {"maxiter": steps, "gtol": 1e-8, "ftol": 1e-14}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=limits)
    return Softmax(classes, mean, scale, found.x.reshape(-1, len(classes)))


def _loss(x: Floats, truth: NDArray[np.int64], decay: float, flat: Floats) -> tuple[float, Floats]:
    """What `classifier` minimises, and its gradient by the weights.

    Both per row, so that where the search ends does not depend on how many there are.
    """
    weights = flat.reshape(x.shape[1], -1)
    pull = decay * weights
    pull[-1] = 0  # the bias is free
    logits = x @ weights
    logits -= logits.max(axis=1, keepdims=True)  # exp stays finite
    p = np.exp(logits)
    sums = p.sum(axis=1, keepdims=True)
    right = np.arange(len(x)), truth
    value = np.log(sums).sum() - logits[right].sum() + (pull * weights).sum() / 2
    p /= sums
    p[right] -= 1
    return value / len(x), (x.T @ p + pull).ravel() / len(x)


def _padded(rows: Floats) -> Floats:
    """(n, d + 1): with a column of ones."""
    return np.pad(rows, ((0, 0), (0, 1)), constant_values=1)
