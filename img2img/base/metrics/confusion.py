"""Label maps against label maps: which class was taken for which, pixel by pixel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.span import Mask

Labels = NDArray[np.integer]  # (H, W), each 0 to K - 1
Shares = NDArray[np.float64]  # (..., K), each 0 to 1; nan where a class has none


class Margins(NamedTuple):
    """How many pixels of each of K classes, of one confusion or of many: each (..., K)."""

    hits: NDArray[np.floating | np.integer]
    """Labelled right."""
    truths: NDArray[np.floating | np.integer]
    """Truly of the class."""
    labelled: NDArray[np.floating | np.integer]
    """Labelled so."""


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

    @property
    def margins(self) -> Margins:
        """All that the figures below are made of."""
        return Margins(np.diag(self.counts), self.counts.sum(1), self.counts.sum(0))


def accuracy(confusion: Confusion) -> float:
    """The share of pixels that are labelled right; nan of none."""
    return float(overall(confusion.margins))


def class_accuracy(confusion: Confusion, ignore: int | None = None) -> Shares:
    """The share of each class's pixels that are labelled right (K,); nan where it has none."""
    return recalls(confusion.margins, ignore)


def class_iou(confusion: Confusion, ignore: int | None = None) -> Shares:
    """Intersection over union of each class (K,); nan where it is in neither map, or ignored."""
    return overlaps(confusion.margins, ignore)


def mean_iou(confusion: Confusion, ignore: int | None = None) -> float:
    """The mean over the classes that are in either map and not ignored; nan without any."""
    return float(averaged(overlaps, ignore)(confusion.margins))


def overall(margins: Margins) -> Shares:
    """The shares of pixels that are labelled right (...)."""
    return _ratio(margins.hits.sum(-1), margins.truths.sum(-1))


def recalls(margins: Margins, ignore: int | None = None) -> Shares:
    """The share of each class's pixels that are labelled right."""
    return _without(ignore, _ratio(margins.hits, margins.truths))


def overlaps(margins: Margins, ignore: int | None = None) -> Shares:
    """Intersection over union of each class."""
    hits, truths, labelled = margins
    return _without(ignore, _ratio(hits, truths + labelled - hits))


def averaged(
    shares: Callable[[Margins, int | None], Shares], ignore: int | None = None
) -> Callable[[Margins], Shares]:
    """The mean over the classes that have a share, of each confusion (...); nan without any."""

    def average(margins: Margins) -> Shares:
        each = shares(margins, ignore)
        known = ~np.isnan(each)
        return _ratio(np.where(known, each, 0).sum(-1), known.sum(-1))

    return average


def _ratio(
    part: NDArray[np.floating | np.integer], whole: NDArray[np.floating | np.integer]
) -> Shares:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _without(ignore: int | None, shares: Shares) -> Shares:
    return np.where(np.arange(shares.shape[-1]) == ignore, np.nan, shares)
