"""Sliced Wasserstein distance of patches: how far one set of pictures looks from another.

It needs no weights and no pairs (Rabin et al. 2011; Karras et al. 2018, section 5), and its unit is
that of the pictures.
"""

from math import nan

import numpy as np

from img2img.base.metrics.patches import Patches
from img2img.base.metrics.sliced import sliced


def sliced_wasserstein(a: Patches, b: Patches, *, seed: int = 0, directions: int = 128) -> float:
    """The mean over octaves and random unit directions u of W1(<a, u>, <b, u>).

    0 for equal sets; if one is the other brightened by c, they are c sqrt(2 / pi) apart in the last
    octave and 0 in the others. It hardly tells a set from its negative about the same mean colour.

    Pictures of several sizes are compared in the finest octaves that all have, and in the small
    pictures that are left of them.

    nan where the masks of a set leave no room for a patch.

    Raises:
        ValueError: a set is empty, or pictures differ in channels.
    """
    channels = sorted(a.channels | b.channels)
    if len(channels) != 1 or not a.pictures or not b.pictures:
        raise ValueError(
            f"{len(a.pictures)} and {len(b.pictures)} pictures of {channels} channels; compare some"
            " of one kind"
        )
    count = min(a.count, b.count)
    both = zip(a.octaves(count), b.octaves(count), strict=True)
    pairs = [(p, q) for p, q in both if len(p) and len(q)]
    if not pairs:
        return nan
    return float(np.mean([sliced(p, q, seed=seed, directions=directions) for p, q in pairs]))
