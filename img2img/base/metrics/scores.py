"""Scores of class probabilities: whether fakes show classes, and all of them."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from img2img.base.metrics.features import Features, check_two
from img2img.base.metrics.tiles import Floats

EPS = 1e-16  # the least probability that a logarithm is taken of


class Score(NamedTuple):
    """A mean over parts of a set, and the parts' deviation from it (ddof 0)."""

    mean: float
    deviation: float


def inception_score(p: Features, *, splits: int = 10, seed: int = 0) -> Score:
    """IS = exp E KL(p(c|y) || p(c)), from 1 to the number of classes (Salimans et al. 2016).

    Over as many splits of the pictures, shuffled by the seed; over as many as there are pictures
    if they are fewer, where the score says nothing.

    Args:
        p: Rows that sum to 1, p(c|y) of each picture.
        splits: From 1 on.
        seed: Of the shuffle.

    Raises:
        ValueError: there are no pictures or splits, or rows are no probabilities.
    """
    if splits < 1:
        raise ValueError(f"{splits} splits; choose 1 or more")
    rows = _probabilities(p)
    shuffled = rows[np.random.default_rng(seed).permutation(len(rows))]
    count = min(splits, len(rows))
    ends = [i * len(rows) // count for i in range(count + 1)]
    scores = [np.exp(_information(shuffled[a:b])) for a, b in pairwise(ends)]
    return Score(float(np.mean(scores)), float(np.std(scores)))


def modified_inception_score(p: Features, labels: ArrayLike | None = None) -> float:
    """m-IS = exp E_i E_j KL(p(c|y_i) || p(c|y_j)) within a class, then the mean over classes.

    High where fakes of one class differ; from 1 on (Gurumurthy et al. 2017). Pairs of a
    picture with itself count. Labels (n,) are the likeliest classes unless given; probabilities
    below 1e-16 count as that.

    Raises:
        ValueError: there are no pictures, rows are no probabilities, or labels of another number.
    """
    rows = np.maximum(_probabilities(p), EPS)
    classes = rows.argmax(axis=1) if labels is None else np.asarray(labels)
    if classes.shape != (len(rows),):
        raise ValueError(f"labels {classes.shape} of {len(rows)} pictures; give one of each")
    logs = np.log(rows)
    negative_entropy = (rows * logs).sum(axis=1)
    scores = []
    for label in np.unique(classes):
        own = classes == label
        # the mean over pairs of sum_c p_i log p_i - p_i log p_j
        scores.append(negative_entropy[own].mean() - rows[own].mean(0) @ logs[own].mean(0))
    return float(np.exp(scores).mean())


def mode_score(fake: Features, real: Features) -> float:
    """exp(E KL(p(c|y) || p(c)) - KL(p(c) || p*(c))), p* that of reals (Che et al. 2017).

    Not the form with KL(p(c|y) || p*) that surveys print: that is the Inception Score, whatever p*.
    Probabilities below 1e-16 count as that in logarithms.

    Raises:
        ValueError: a set is empty, rows are no probabilities, or classes differ in number.
    """
    check_two(fake, real)
    p, target = _probabilities(fake), _probabilities(real).mean(axis=0)
    return float(np.exp(_information(p) - _divergence(p.mean(axis=0), target)))


def am_score(fake: Features, real: Features) -> float:
    """KL(p* || p) + E H(p(c|y)), in nats from 0 on, lower is better (Zhou et al. 2018).

    Where p misses a class of the reals' p*, it counts as 1e-16.

    Raises:
        ValueError: a set is empty, rows are no probabilities, or classes differ in number.
    """
    check_two(fake, real)
    p, target = _probabilities(fake), _probabilities(real).mean(axis=0)
    entropy = -(p * np.log(np.maximum(p, EPS))).sum(axis=1).mean()
    return float(_divergence(target, p.mean(axis=0)) + entropy)


def _information(p: Floats) -> float:
    """E KL(p(c|y) || p(c)): how much the pictures tell of their classes."""
    return float((p * (np.log(np.maximum(p, EPS)) - np.log(_floor(p.mean(0))))).sum(1).mean())


def _divergence(p: Floats, q: Floats) -> float:
    """KL(p || q) of (C,)."""
    return float((p * (np.log(_floor(p)) - np.log(_floor(q)))).sum())


def _floor(p: Floats) -> Floats:
    floored: Floats = np.maximum(p, EPS)
    return floored


def _probabilities(p: Features) -> Floats:
    """The rows in float64, of one picture or more, each from 0 on with a sum near 1."""
    if not len(p):
        raise ValueError("no pictures have no score; give one or more")
    rows = p.rows.astype(np.float64, copy=False)
    sums = rows.sum(axis=1)
    worst = sums[np.abs(sums - 1).argmax()]
    if rows.min() < 0 or abs(worst - 1) > 1e-3:
        told = f"rows from {rows.min():.3g} on that sum to {worst:.3g}"
        raise ValueError(f"{told} are no probabilities; give a softmax of the logits")
    return rows
