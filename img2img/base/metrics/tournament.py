"""Tournament: models ranked by playing every discriminator against every generator.

Two models by the Generative Adversarial Metric (Im et al. 2016, section 4), many by win rates and
skill ratings (Olsson et al. 2018). A rank is one among these players alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from img2img.base.metrics.glicko import Rating, rated

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """How often a discriminator was wrong of some pictures; errors of disjoint sets add."""

    count: int = 0
    wrong: int = 0

    @classmethod
    def of(cls, wrong: Iterable[bool]) -> "Errors":
        """The state of judgements, true where one is wrong."""
        listed = list(wrong)
        return cls(len(listed), sum(map(bool, listed)))

    def __add__(self, other: "Errors") -> "Errors":
        return Errors(self.count + other.count, self.wrong + other.wrong)

    @property
    def rate(self) -> float:
        """The share, half an error added to each side: neither 0 nor 1, and 1/2 of nothing."""
        return (self.wrong + 0.5) / (self.count + 1)


class Battle(NamedTuple):
    """How model 1 compares with model 2; to swap them inverts both."""

    test: float
    """The ratio of their discriminators' errors on real pictures; if far from 1, one is overfitted
    and `samples` tells nothing."""
    samples: float
    """The ratio of their errors on each other's fakes; below 1, model 1 is the better."""


def battle(test: tuple[Errors, Errors], samples: tuple[Errors, Errors]) -> Battle:
    """GAM of two models: of D_1 and D_2 on real test pictures, of D_1 on G_2's and D_2 on G_1's."""
    return Battle(test[0].rate / test[1].rate, samples[0].rate / samples[1].rate)


class Ranks(NamedTuple):
    """A figure for each player; the higher the better."""

    discriminators: Floats
    """(D,)"""
    generators: Floats
    """(G,)"""


def win_rates(fooled: ArrayLike) -> Ranks:
    """Each player's mean result over its opponents, from the shares (D, G) of fakes taken for real.

    A share that is nan was not played; who played nobody is nan.

    Raises:
        ValueError: the shares are of another shape, or beyond [0, 1].
    """
    shares = _checked(fooled)
    played = ~np.isnan(shares)
    results = np.where(played, shares, 0)

    def mean(won: Floats, axis: int) -> Floats:
        games = played.sum(axis)
        return np.where(games > 0, won.sum(axis) / np.maximum(games, 1), np.nan)

    return Ranks(mean(np.where(played, 1 - results, 0), 1), mean(results, 0))


def skill_ratings(fooled: ArrayLike) -> tuple[list[Rating], list[Rating]]:
    """Glicko-2 of the discriminators and of the generators, from the shares of `win_rates`.

    All start as strangers, and each pair plays one game, whose score is the share.

    Raises:
        ValueError: the shares are of another shape, or beyond [0, 1].
    """
    shares = _checked(fooled)

    def rating(scores: Floats) -> Rating:
        return rated(Rating(), [(Rating(), float(s)) for s in scores if not np.isnan(s)])

    return [rating(1 - row) for row in shares], [rating(column) for column in shares.T]


def _checked(fooled: ArrayLike) -> Floats:
    shares = np.asarray(fooled, np.float64)
    if shares.ndim != 2 or (shares < 0).any() or (shares > 1).any():
        raise ValueError(
            f"results {shares.shape} are no shares (discriminators, generators) from 0 to 1"
        )
    return shares
