"""Sliced Wasserstein distance of patches: how far one set of pictures looks from another.

It needs no weights and no pairs (Rabin et al. 2011; Karras et al. 2018, section 5), and its unit is
that of the pictures.
"""

from math import nan

import numpy as np
import torch

from img2img.base.draws import seeded
from img2img.base.metrics.patches import Patches, Points


def sliced_wasserstein(a: Patches, b: Patches, *, seed: int = 0, directions: int = 128) -> float:
    """The mean over octaves and random unit directions u of W1(<a, u>, <b, u>).

    0 for equal sets; if one is the other brightened by c, they are c sqrt(2 / pi) apart in the last
    octave and 0 in the others. It hardly tells a set from its negative about the same mean colour.

    nan where the masks of a set leave no room for a patch.

    Raises:
        ValueError: a set is empty, or pictures differ in channels or octaves.
    """
    kinds = a.kinds | b.kinds
    if len(kinds) != 1 or not a.pictures or not b.pictures:
        raise ValueError(
            f"{len(a.pictures)} and {len(b.pictures)} pictures of (octaves, channels) "
            f"{sorted(kinds)}; compare some of one size and kind"
        )
    pairs = [(p, q) for p, q in zip(a.octaves(), b.octaves(), strict=True) if len(p) and len(q)]
    if not pairs:
        return nan
    return float(np.mean([_octave_distance(p, q, seed, directions) for p, q in pairs]))


def _octave_distance(p: Points, q: Points, seed: int, directions: int) -> float:
    """The mean over directions of the distance of the points' projections."""
    drawn = seeded("directions", seed, p.shape[1])
    u = torch.randn(directions, p.shape[1], generator=drawn, dtype=torch.float64)
    units = (u / u.norm(dim=1, keepdim=True)).numpy()
    return _distance(np.sort(units @ p.T), np.sort(units @ q.T))


def _distance(p: Points, q: Points) -> float:
    """W1 = integral of |P^-1(t) - Q^-1(t)| over t in [0, 1], of sorted rows; their mean."""
    n, m = p.shape[1], q.shape[1]
    # P^-1 steps at multiples of 1/n and Q^-1 of 1/m: at whole numbers, in units of 1/(n m)
    steps = np.union1d(np.arange(n + 1) * m, np.arange(m + 1) * n)
    gaps = np.abs(p[:, steps[:-1] // m] - q[:, steps[:-1] // n])
    return float((gaps @ np.diff(steps)).mean() / (n * m))
