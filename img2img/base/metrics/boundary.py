"""Boundary: what a classifier that learned from fakes makes of real pictures.

Boundary distortion (Santurkar et al. 2018) and the GAN quality index (Ye et al. 2018), both of two
softmax regressions of features, so that only how the classes lie can differ.
"""

from collections.abc import Sequence
from functools import reduce
from math import nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.softmax import classifier


class Labelled(NamedTuple):
    """Features with their pictures' classes."""

    rows: NDArray[np.floating]
    """(n, d)"""
    labels: NDArray[np.integer]
    """(n,)"""

    def of(self, classes: NDArray[np.integer]) -> "Labelled":
        """The pictures of these classes alone."""
        kept = np.isin(self.labels, classes)
        return Labelled(self.rows[kept], self.labels[kept])


class Accuracies(NamedTuple):
    """On the same real test pictures, the mean over classes of the share that is told right."""

    real: float
    """Of the classifier that learned from real pictures."""
    fake: float
    """Of the one that learned from fakes."""


def common(sets: Sequence[Labelled], least: int) -> NDArray[np.integer]:
    """The classes of which every set has so many pictures."""
    found = [np.unique(each.labels, return_counts=True) for each in sets]
    often = [classes[counts >= least] for classes, counts in found]
    return reduce(np.intersect1d, often)


def accuracies(
    train: Labelled, fake: Labelled, test: Labelled, *, decay: float = 1.0, seed: int = 0
) -> Accuracies:
    """Train on real pictures and on fakes, test both on other real ones.

    Both learn from equally many of each class, as many as the rarest of either set has; a class
    that a set lacks altogether is not learned from it.

    Raises:
        ValueError: a set is empty, has another count of labels, or one to train on has only one
            class.
    """
    for name, each in (("train", train), ("fake", fake), ("test", test)):
        if len(each.rows) != len(each.labels) or not len(each.rows):
            counts = f"{len(each.rows)} rows and {len(each.labels)} labels"
            raise ValueError(f"the set {name} has {counts}; give one or more, as many of each")
    rarest = min(np.unique(each.labels, return_counts=True)[1].min() for each in (train, fake))
    found = [_accuracy(_balanced(each, int(rarest), seed), test, decay) for each in (train, fake)]
    return Accuracies(*found)


def boundary_distortion(found: Accuracies) -> float:
    """How much accuracy is lost by learning from fakes: about 0 if they are like the real ones."""
    return found.real - found.fake


def gan_quality_index(found: Accuracies) -> float:
    """100 times the ratio of the accuracies; nan if even real pictures teach nothing."""
    return 100 * found.fake / found.real if found.real else nan


def _accuracy(train: Labelled, test: Labelled, decay: float) -> float:
    right = classifier(*train, decay=decay).labels(test.rows) == test.labels
    return float(np.mean([right[test.labels == each].mean() for each in np.unique(test.labels)]))


def _balanced(given: Labelled, each: int, seed: int) -> Labelled:
    """So many of each class, drawn without repeats."""
    drawn = np.random.default_rng(seed)
    kept = [
        drawn.choice(np.flatnonzero(given.labels == label), each, replace=False)
        for label in np.unique(given.labels)
    ]
    chosen = np.sort(np.concatenate(kept))
    return Labelled(given.rows[chosen], given.labels[chosen])
