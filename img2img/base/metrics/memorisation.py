"""Memorisation: how near each fake is to its nearest training picture."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.features import Features, check_two
from img2img.base.metrics.neighbours import nearest
from img2img.base.metrics.retrieval import quotient
from img2img.base.metrics.tiles import Floats


class Memorised(NamedTuple):
    """Each fake's nearest training picture, and what that says of all."""

    distance: Floats
    """(m,)"""
    ratio: float
    """The fakes' mean distance over that of unseen pictures; well below 1: copies."""
    share: float
    """Of fakes that are copies."""
    indices: NDArray[np.intp]
    """(m,): of the nearest, in the order of the training pictures' numbers."""


def memorisation(
    fake: Features, train: Features, test: Features | None = None, *, factor: float = 1 / 3
) -> Memorised:
    """d(fake, train) against d(test, train), or against d(train, other train) without a test set.

    A fake is a copy if it lies at most `factor` times as far from its nearest training picture as
    that one lies from its own nearest other one.

    Raises:
        ValueError: a set is empty, there are fewer than two training pictures, or dimensions
            differ.
    """
    check_two(fake, train)
    if len(train) < 2:
        raise ValueError(f"{len(train)} training picture has no neighbour; give two or more")
    found = nearest(fake.rows, train.rows)
    distance, indices = found.distances[:, 0], found.indices[:, 0]
    own = nearest(train.rows, train.rows, itself=True).distances[:, 0]
    unseen = own
    if test is not None:
        check_two(test, train)
        unseen = nearest(test.rows, train.rows).distances[:, 0]
    share = float((distance <= factor * own[indices]).mean())
    ratio = quotient(float(distance.mean()), float(unseen.mean()))
    return Memorised(distance, ratio, share, indices)
