"""Wasserstein distances on a line, and of points by their shadows on many lines."""

import numpy as np
import torch

from img2img.base.draws import seeded
from img2img.base.metrics.features import Rows
from img2img.base.metrics.tiles import Floats, blocks


def sliced(a: Rows, b: Rows, *, power: int = 1, directions: int = 128, seed: int = 0) -> float:
    """The mean over random unit directions u of W_p^p(<a, u>, <b, u>) (Rabin et al. 2011).

    Points moved by v are E |<u, v>|^p apart: |v|^2 / d of power 2.

    Args:
        a: Points (n, d).
        b: Points (m, d).
        power: p, from 1 on.
        directions: How many.
        seed: Of the directions.

    Raises:
        ValueError: there are no points, dimensions differ, or power or directions are below 1.
    """
    if not len(a) or not len(b) or a.shape[1] != b.shape[1]:
        raise ValueError(f"points {a.shape} and {b.shape}; give some of one number of dimensions")
    if power < 1 or directions < 1:
        raise ValueError(f"power {power} and {directions} directions; choose 1 or more of both")
    drawn = seeded("directions", seed, a.shape[1])
    u = torch.randn(directions, a.shape[1], generator=drawn, dtype=torch.float64)
    units = (u / u.norm(dim=1, keepdim=True)).numpy()
    return float(wasserstein(_shadows(units, a), _shadows(units, b), power=power).mean())


def wasserstein(p: Floats, q: Floats, *, power: int = 1) -> Floats:
    """Integral of |P^-1(t) - Q^-1(t)|^power over t in [0, 1], of each row's points.

    Args:
        p: (..., n), in rising order.
        q: (..., m), in rising order.
        power: Of the distance, from 1 on.
    """
    n, m = p.shape[-1], q.shape[-1]
    # P^-1 steps at multiples of 1/n and Q^-1 of 1/m: at whole numbers, in units of 1/(n m)
    steps = np.union1d(np.arange(n + 1) * m, np.arange(m + 1) * n)
    gaps = np.abs(p[..., steps[:-1] // m] - q[..., steps[:-1] // n])
    distances: Floats = (gaps**power) @ np.diff(steps) / (n * m)
    return distances


def _shadows(units: Floats, rows: Rows) -> Floats:
    """(directions, n): the rows' places along each direction, in rising order."""
    return np.sort(np.hstack([units @ rows[block].T for block in blocks(rows)]))
