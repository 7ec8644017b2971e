"""Misalignment: what the shifts of many pairs say about their set."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from img2img.data.alignment import REACH, Shift

SURE = 3.5  # the confidence of a pair that is judged alone
DOUBTFUL = 1.5  # below it, a pair shows nothing of the other picture's edges
AGREEING = 0.25  # the share of a set's pairs whose shift is the set's
FEWEST = 5  # pairs that must agree
MANY = 16  # pairs that it takes to call a whole set unrelated
SHIFTED = 2  # pixels; hand-drawn labels are one off as a rule


class Misalignment(NamedTuple):
    """What the shifts of a set of pairs say together."""

    shift: tuple[int, int]
    """(dx, dy) that most pairs agree on, in pixels; (0, 0) where they agree on none."""
    agreeing: float
    """The share of pairs within a pixel of the commonest shift."""
    systematic: bool
    """Whether the whole set is shifted, by 2 pixels or more."""
    outliers: list[int]
    """Pairs that are surely shifted otherwise than the set, by 2 pixels or more."""
    strangers: list[int]
    """Pairs that show no common edge in a set whose pairs do: perhaps different scenes."""
    unrelated: bool
    """The whole set shows none: contents are shuffled, or the domains share no edges at all."""


def misaligned(shifts: Sequence[Shift]) -> Misalignment:
    """What a set of pairs says: a shift of all, pairs that are shifted alone, and strangers."""
    common = _commonest(shifts)
    agreeing = sum(it.off(common) <= 1 for it in shifts)
    share = agreeing / max(1, len(shifts))
    agreed = agreeing >= FEWEST and share >= AGREEING
    common = common if agreed else (0, 0)
    sure = [it.confidence >= SURE for it in shifts]
    off = [it.off(common) >= SHIFTED for it in shifts]
    outliers = [i for i, it in enumerate(shifts) if sure[i] and off[i]]
    telling = len(shifts) >= MANY and sum(sure) >= 0.9 * len(shifts)
    doubtful = [i for i, it in enumerate(shifts) if it.confidence < DOUBTFUL and off[i]]
    return Misalignment(
        common,
        share,
        agreed and max(map(abs, common)) >= SHIFTED,
        outliers,
        doubtful if telling else [],
        len(shifts) >= MANY and not agreed and sum(sure) < 0.1 * len(shifts),
    )


def _commonest(shifts: Sequence[Shift]) -> tuple[int, int]:
    """(dx, dy) with the most shifts within a pixel, those that are equal counting double."""
    votes = np.zeros((2 * REACH + 3, 2 * REACH + 3), int)
    for it in shifts:
        votes[it.dy + REACH : it.dy + REACH + 3, it.dx + REACH : it.dx + REACH + 3] += 1
        votes[it.dy + REACH + 1, it.dx + REACH + 1] += 1
    dy, dx = np.unravel_index(votes.argmax(), votes.shape)
    return int(dx) - REACH - 1, int(dy) - REACH - 1
