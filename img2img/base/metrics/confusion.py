"""Label maps against label maps: which class was taken for which, pixel by pixel."""

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.span import Mask

Labels = NDArray[np.integer]  # (H, W), each 0 to K - 1


@dataclass(frozen=True, eq=False)
class Confusion:
    """Pixels of true class i that were labelled j; confusions of disjoint sets add."""

    counts: NDArray[np.int64]
    """(K, K), the truth in rows."""

    @classmethod
    def of(
        cls, labels: Labels, truth: Labels, classes: int, mask: Mask | None = None
    ) -> "Confusion":
        """The state of one label map, of its pixels where the mask is true.

        Raises:
            ValueError: the maps differ in size, or a label that counts is outside 0 to `classes`
                - 1.
        """
        for array in (labels, mask):
            if array is not None and array.shape != truth.shape:
                raise ValueError(f"label maps of unequal sizes {array.shape} and {truth.shape}")
        if mask is not None:
            labels, truth = labels[mask], truth[mask]
        for array in (labels, truth):
            if array.size and not 0 <= array.min() <= array.max() < classes:
                raise ValueError(f"labels {array.min()} to {array.max()} of {classes} classes")
        pairs = truth.astype(np.int64) * classes + labels
        return cls(np.bincount(pairs.ravel(), minlength=classes**2).reshape(classes, classes))

    def __add__(self, other: "Confusion") -> "Confusion":
        return Confusion(self.counts + other.counts)


def accuracy(confusion: Confusion) -> float:
    """The share of pixels that are labelled right; nan of none."""
    total = confusion.counts.sum()
    return float(np.trace(confusion.counts) / total) if total else nan


def class_iou(confusion: Confusion, ignore: int | None = None) -> NDArray[np.float64]:
    """Intersection over union of each class (K,); nan where it is in neither map, or ignored."""
    counts = confusion.counts
    hits = np.diag(counts)
    unions = counts.sum(0) + counts.sum(1) - hits
    defined = (unions > 0) & (np.arange(len(counts)) != ignore)
    return np.where(defined, hits / np.maximum(unions, 1), np.nan)


def mean_iou(confusion: Confusion, ignore: int | None = None) -> float:
    """The mean over the classes that are in either map and not ignored; nan without any."""
    shares = class_iou(confusion, ignore)
    defined = shares[~np.isnan(shares)]
    return float(defined.mean()) if defined.size else nan
