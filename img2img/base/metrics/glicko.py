"""Glicko-2: a player's skill, how sure it is and how steady (Glickman 2013, its steps in brackets).

Ratings are on the scale of Elo's: 400 points more are 10 to 1 in favour.
"""

from collections.abc import Callable, Sequence
from math import exp, log, pi, sqrt
from typing import NamedTuple

SCALE = 400 / log(10)  # 173.7178 points a unit of step 2
CLOSE = 1e-9  # of log volatility squared


class Rating(NamedTuple):
    """A player, first of all a stranger."""

    skill: float = 1500.0
    deviation: float = 350.0
    """The skill is within two of these with 95 %."""
    volatility: float = 0.06


def rated(player: Rating, games: Sequence[tuple[Rating, float]], *, tau: float = 0.5) -> Rating:
    """The player after one period of games, each the opponent as it was before and the score.

    A score is 1 won, 1/2 drawn, 0 lost, or between. `tau` bounds how fast volatility changes.
    """
    phi = player.deviation / SCALE  # (2)
    if not games:  # only the doubt grows
        return player._replace(deviation=SCALE * sqrt(phi**2 + player.volatility**2))
    precision, gain = 0.0, 0.0
    for opponent, score in games:  # (3, 4)
        g = 1 / sqrt(1 + 3 * (opponent.deviation / SCALE / pi) ** 2)
        expected = 1 / (1 + exp(-g * (player.skill - opponent.skill) / SCALE))
        precision += g * g * expected * (1 - expected)
        gain += g * (score - expected)
    volatility = _volatility(player.volatility, phi, 1 / precision, gain / precision, tau)
    deviation = 1 / sqrt(1 / (phi**2 + volatility**2) + precision)  # (6, 7)
    skill = player.skill + SCALE * deviation**2 * gain
    return Rating(skill, SCALE * deviation, volatility)


def _volatility(before: float, phi: float, v: float, delta: float, tau: float) -> float:
    """Step 5: where f(x) = 0, x being the logarithm of the volatility squared."""
    start = log(before**2)

    def f(x: float) -> float:
        spread = phi**2 + v + exp(x)
        return exp(x) * (delta**2 - spread) / (2 * spread**2) - (x - start) / tau**2

    if delta**2 > phi**2 + v:
        end = log(delta**2 - phi**2 - v)
    else:
        end = start - tau
        while f(end) < 0:
            end -= tau
    return exp(_root(f, start, end) / 2)


def _root(f: Callable[[float], float], a: float, b: float) -> float:
    """Regula falsi, halved where one end stays (the Illinois rule)."""
    fa, fb = f(a), f(b)
    while abs(b - a) > CLOSE and fb:
        c = a + (a - b) * fa / (fb - fa)
        fc = f(c)
        if fc * fb <= 0:
            a, fa = b, fb
        else:
            fa /= 2
        b, fb = c, fc
    return a if abs(fa) < abs(fb) else b
