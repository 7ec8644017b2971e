"""Figures of sets that take more than one call: copies, holes, boundaries and slopes."""

from typing import NamedTuple

import numpy as np

from img2img.base.metrics.boundary import (
    Labelled,
    accuracies,
    boundary_distortion,
    common,
    gan_quality_index,
)
from img2img.base.metrics.features import check_two
from img2img.base.metrics.geometry import geometry_score, mean_relative_living_times
from img2img.base.metrics.memorisation import memorisation
from img2img.base.metrics.sets import Sets
from img2img.base.metrics.spectrum import Spectrum, spectrum_slope

FEWEST = 5  # bins
OFTEN = 10  # pictures of a class that can be learned


class Copied(NamedTuple):
    """How many fakes are copies of training pictures, and how near they are to them."""

    share: float
    ratio: float
    distance: float


class Binned(NamedTuple):
    """How many bins of reals fakes fill otherwise."""

    share: float
    bins: int
    jsd: float
    """Jensen-Shannon divergence of the bins, nats."""


class Boundary(NamedTuple):
    """What is lost by learning classes from fakes."""

    distortion: float
    gqi: float
    """The GAN quality index, 100 where nothing is lost."""
    real: float
    """The accuracy of what learned from reals."""
    fake: float
    classes: int


class Slopes(NamedTuple):
    """Of log power over log frequency."""

    fake: float
    real: float


def slopes(fake: Spectrum, real: Spectrum) -> Slopes:
    """Of both spectra."""
    return Slopes(spectrum_slope(fake), spectrum_slope(real))


def memorised(sets: Sets) -> Copied:
    """Against the training pictures; reals are unseen ones.

    Raises:
        ValueError: they are not known.
    """
    fake, real = sets.both("features")
    if sets.train is None:
        raise ValueError("nothing tells what was trained on; give the training pictures by --train")
    found = memorisation(fake, sets.train.states["features"], real)
    return Copied(found.share, found.ratio, float(found.distance.mean()))


def bins(sets: Sets) -> Binned:
    """The share of bins that fakes fill otherwise.

    Raises:
        ValueError: there are too few bins to tell anything.
    """
    found = sets.bins
    if found.bins < FEWEST:
        raise ValueError(
            f"{sets.real.count} real pictures make {found.bins} bins, which tell nothing; give"
            f" {10 * FEWEST} or more"
        )
    return Binned(found.share, found.bins, found.jsd)


def geometry(sets: Sets) -> float:
    """The geometry score of the features."""
    fake, real = (
        mean_relative_living_times(each, seed=sets.seed) for each in sets.both("features")
    )
    return geometry_score(fake, real)


def boundary(sets: Sets) -> Boundary:
    """Classes are those that a classifier sees often; half of the reals train, half test.

    Raises:
        ValueError: fewer than two classes are seen often enough in both sets.
    """
    (fake, real), odds = sets.both("features"), sets.both("probabilities")
    check_two(fake, real, least=2)
    drawn, seen = (np.argmax(each.rows, axis=1) for each in odds)
    order = np.random.default_rng(sets.seed).permutation(len(real))
    train, test = (Labelled(real.rows[half], seen[half]) for half in (order[::2], order[1::2]))
    of_fakes = Labelled(fake.rows, drawn)
    known = common((train, of_fakes), OFTEN)
    if len(known) < 2:
        raise ValueError(
            f"{len(known)} classes are seen {OFTEN} times or more in both sets; give more pictures"
        )
    found = accuracies(*(each.of(known) for each in (train, of_fakes, test)), seed=sets.seed)
    distortion, gqi = boundary_distortion(found), gan_quality_index(found)
    return Boundary(distortion, gqi, *found, len(known))
