"""Shares: how much of the pixels belongs to each class."""

import numpy as np
from numpy.typing import NDArray


def class_counts(indices: NDArray[np.integer], classes: int) -> NDArray[np.int64]:
    """Pixels of each class, (H, W) to (classes,); those of pictures add; other indices are left."""
    flat = indices.ravel()
    known = flat[(flat >= 0) & (flat < classes)].astype(np.intp)
    return np.bincount(known, minlength=classes)


def class_shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of each class among the pixels counted; zeros of none."""
    shares: NDArray[np.float64] = counts / max(1, int(counts.sum()))
    return shares
