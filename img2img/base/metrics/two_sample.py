"""Classifier two-sample tests: how well fakes can be told from reals (Lopez-Paz and Oquab 2017)."""

from math import erfc, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.features import Features, Rows, check_two
from img2img.base.metrics.neighbours import nearest
from img2img.base.metrics.regression import logistic


class TwoSample(NamedTuple):
    """Shares of pictures that are told right: 1/2 where fakes cannot be told from reals."""

    accuracy: float
    real: float
    fake: float
    p_value: float
    """How likely an accuracy so far from chance is of equal distributions."""


def nearest_neighbour_test(fake: Features, real: Features, *, seed: int = 0) -> TwoSample:
    """Each picture is taken for what its nearest other picture is (Xu et al. 2018).

    As many are drawn of the larger set as the smaller has. An accuracy of 1 says that the sets lie
    apart, one well below 1/2 that fakes are copies: of a set and its copy it is 0. Equally near
    pictures are chosen from by chance. The p value is two-sided, of a normal with the mean and
    variance that the accuracy has over all labellings of the same neighbours: 1/(4 n) would take
    mutual neighbours for independent.

    Raises:
        ValueError: a set is empty, or dimensions differ.
    """
    check_two(fake, real)
    y, x = _balanced(fake.rows, real.rows, seed)
    order = np.random.default_rng(seed).permutation(2 * len(y))
    is_real = (np.arange(2 * len(y)) >= len(y))[order]
    pool = np.concatenate([y, x])[order]
    indices = nearest(pool, pool, itself=True).indices[:, 0]
    right = is_real == is_real[indices]
    accuracy = float(right.mean())
    chance, variance = chances(indices)
    p_value = erfc(abs(accuracy - chance) / sqrt(2 * variance)) if variance > 0 else 1.0
    return TwoSample(accuracy, float(right[is_real].mean()), float(right[~is_real].mean()), p_value)


def chances(indices: NDArray[np.intp]) -> tuple[float, float]:
    """Mean and variance of the accuracy if half of the pictures, any, were real.

    Args:
        indices: (N,), N even: each picture's nearest other one.
    """
    N, n = len(indices), len(indices) // 2
    same = (n - 1) / (N - 1)  # that a pair is of one label
    if N < 4:
        return same, 0.0
    mutual = int((indices[indices] == np.arange(N)).sum())
    degrees = np.bincount(indices, minlength=N)
    touching = int((degrees * (degrees - 1)).sum()) + 2 * (N - mutual)  # pairs of pairs, at one end
    three = same * (n - 2) / (N - 2)  # that all three pictures of such are of one label
    four = same * ((n - 2) * (n - 3) + n * (n - 1)) / ((N - 2) * (N - 3))  # two pairs, each of one
    apart = N * (N - 1) - mutual - touching
    square = ((N + mutual) * same + touching * three + apart * four) / N**2
    return same, max(0.0, square - same**2)


def logistic_test(
    fake: Features, real: Features, *, seed: int = 0, penalty: float = 1.0
) -> TwoSample:
    """Logistic regression on half of the pictures, its accuracy on the other half.

    As many are drawn of the larger set as the smaller has; features are standardised by the half
    that is trained on. It minimises `penalty` |w|^2 / 2 + the sum of -log p, so that there may be
    fewer pictures than dimensions. The p value is one-sided, of N(1/2, 1/(4 n)) for n tested.

    Raises:
        ValueError: a set has fewer than two pictures, dimensions differ, or the penalty is not
            above 0.
    """
    check_two(fake, real, 2)
    if not penalty > 0:
        raise ValueError(f"a penalty of {penalty}; give one above 0")
    y, x = _balanced(fake.rows, real.rows, seed)
    half = len(y) // 2
    trained = np.concatenate([y[:half], x[:half]]).astype(np.float64)
    mean, deviation = trained.mean(axis=0), trained.std(axis=0)
    scale = np.divide(1, deviation, out=np.zeros_like(deviation), where=deviation > 0)
    trained -= mean
    trained *= scale
    weights, bias = logistic(trained, np.repeat([-1.0, 1.0], half), penalty)
    margins = [(rows[half:] - mean) @ (scale * weights) + bias for rows in (x, y)]
    reals = float((np.sign(margins[0]) + 1).mean() / 2)  # a margin of 0 is half right
    fakes = float((1 - np.sign(margins[1])).mean() / 2)
    accuracy, tested = (reals + fakes) / 2, 2 * (len(y) - half)
    p_value = erfc((accuracy - 0.5) * sqrt(2 * tested)) / 2
    return TwoSample(accuracy, reals, fakes, p_value)


def _balanced(fake: Rows, real: Rows, seed: int) -> tuple[Rows, Rows]:
    """Equally many of both, drawn in an order that the seed decides."""
    count = min(len(fake), len(real))
    drawn = np.random.default_rng(seed)
    return fake[drawn.permutation(len(fake))[:count]], real[drawn.permutation(len(real))[:count]]
