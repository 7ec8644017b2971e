"""Label maps against label maps: which class was taken for which, pixel by pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.integer]  # (H, W), each 0 to K - 1


@dataclass(frozen=True, eq=False)
class Confusion:
    """Pixels of true class i that were labelled j; confusions of disjoint sets add."""

    counts: NDArray[np.int64]
    """(K, K), the truth in rows."""

    @classmethod
    def of(cls, labels: Labels, truth: Labels, classes: int) -> "Confusion":
        """The state of one label map.

        Raises:
            ValueError: the maps differ in size, or hold a label outside 0 to `classes` - 1.
        """
        if labels.shape != truth.shape:
            raise ValueError(f"label maps of unequal sizes {labels.shape} and {truth.shape}")
        for array in (labels, truth):
            if array.size and not 0 <= array.min() <= array.max() < classes:
                raise ValueError(f"labels {array.min()} to {array.max()} of {classes} classes")
        pairs = truth.astype(np.int64) * classes + labels
        return cls(np.bincount(pairs.ravel(), minlength=classes**2).reshape(classes, classes))

    def __add__(self, other: "Confusion") -> "Confusion":
        return Confusion(self.counts + other.counts)


def accuracy(confusion: Confusion) -> float:
    """The share of pixels that are labelled right."""
    return float(np.trace(confusion.counts) / confusion.counts.sum())


def class_iou(confusion: Confusion) -> NDArray[np.float64]:
    """Intersection over union of each class (K,); nan where it is in neither map."""
    counts = confusion.counts
    hits = np.diag(counts)
    unions = counts.sum(0) + counts.sum(1) - hits
    return np.where(unions > 0, hits / np.maximum(unions, 1), np.nan)


def mean_iou(confusion: Confusion) -> float:
    """The mean over the classes that are in either map."""
    return float(np.nanmean(class_iou(confusion)))
