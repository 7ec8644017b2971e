import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal
from pytest import approx
from torchmetrics.functional.classification import multiclass_accuracy, multiclass_jaccard_index

from img2img.base.metrics.confusion import (
    Confusion,
    Margins,
    accuracy,
    averaged,
    class_accuracy,
    class_iou,
    mean_iou,
    overall,
    overlaps,
    recalls,
)

MAPS = arrays(np.int64, (2, 6, 5), elements=st.integers(0, 3))


@given(MAPS, st.integers(0, 6))
def test_splitting_and_adding_changes_nothing(maps, cut):
    labels, truth = maps
    parts = Confusion.of(labels[:cut], truth[:cut], 4) + Confusion.of(labels[cut:], truth[cut:], 4)
    assert_array_equal(parts.counts, Confusion.of(labels, truth, 4).counts)
    assert parts.counts.dtype == np.int64


@given(MAPS)
def test_iou_and_accuracy_are_their_definitions(maps):
    labels, truth = maps
    confusion = Confusion.of(labels, truth, 4)
    assert accuracy(confusion) == (labels == truth).mean()
    for k, iou in enumerate(class_iou(confusion)):
        union = ((labels == k) | (truth == k)).sum()
        both = ((labels == k) & (truth == k)).sum()
        assert np.isnan(iou) if union == 0 else iou == both / union
    for k, recall in enumerate(class_accuracy(confusion)):
        of_class = truth == k
        assert np.isnan(recall) if not of_class.any() else recall == (labels[of_class] == k).mean()


def test_shares_of_classes_are_torchmetrics():
    labels, truth = np.random.default_rng(0).integers(0, 5, (2, 20, 30))
    labels = np.where(np.random.default_rng(1).random(truth.shape) < 0.6, truth, labels)
    confusion = Confusion.of(labels, truth, 5)
    maps = torch.from_numpy(labels), torch.from_numpy(truth)
    for ours, theirs in (
        (class_iou(confusion), multiclass_jaccard_index(*maps, 5, average="none")),
        (class_accuracy(confusion), multiclass_accuracy(*maps, 5, average="none")),
        (accuracy(confusion), multiclass_accuracy(*maps, 5, average="micro")),
    ):
        assert ours == approx(theirs.numpy(), abs=1e-6)  # theirs are in float32


@given(st.integers(0, 2**32 - 1))
def test_each_confusion_of_many_has_its_own_figures(seed):
    maps = np.random.default_rng(seed).integers(0, 4, (3, 2, 3, 2))
    each = [Confusion.of(*pair, 4) for pair in maps]
    many = Margins(*(np.stack(parts) for parts in zip(*(one.margins for one in each), strict=True)))
    assert_array_equal(overall(many), [accuracy(one) for one in each])
    assert_array_equal(averaged(overlaps, 2)(many), [mean_iou(one, 2) for one in each])
    assert_array_equal(recalls(many, 1), [class_accuracy(one, 1) for one in each])


@given(MAPS, arrays(np.bool_, (6, 5)))
def test_hidden_pixels_have_no_influence(maps, mask):
    labels, truth = maps
    seen = Confusion.of(labels[mask], truth[mask], 4)
    labels[~mask], truth[~mask] = 77, -1  # no classes at all
    assert_array_equal(Confusion.of(labels, truth, 4, mask).counts, seen.counts)


def test_of_no_pixels_nothing_is_known():
    nothing = Confusion.of(np.zeros((2, 2), int), np.zeros((2, 2), int), 3, np.zeros((2, 2), bool))
    assert np.isnan([accuracy(nothing), mean_iou(nothing), *class_iou(nothing)]).all()


def test_an_ignored_class_has_no_share_in_the_mean():
    confusion = Confusion(np.array([[0, 0, 0], [2, 2, 0], [0, 0, 4]]))
    assert_array_equal(class_iou(confusion, 0), [np.nan, 0.5, 1])
    assert (mean_iou(confusion, 0), mean_iou(confusion)) == (0.75, 0.5)
    assert_array_equal(class_accuracy(confusion, 2), [np.nan, 0.5, np.nan])


def test_the_truth_stands_in_rows():
    assert Confusion.of(np.array([[1]]), np.array([[0]]), 2).counts.tolist() == [[0, 1], [0, 0]]


def test_an_absent_class_is_undefined_and_an_invented_one_is_wrong():
    confusion = Confusion.of(np.array([[0, 0, 1]]), np.array([[0, 0, 0]]), 3)
    assert_array_equal(class_iou(confusion), [2 / 3, 0, np.nan])
    assert mean_iou(confusion) == 1 / 3


def test_labels_that_are_no_class_are_refused():
    with pytest.raises(ValueError, match="labels 0 to 3 of 3 classes"):
        Confusion.of(np.array([[0, 3]]), np.array([[0, 0]]), 3)
    with pytest.raises(ValueError, match="unequal sizes"):
        Confusion.of(np.zeros((2, 2), int), np.zeros((2, 3), int), 3)
    with pytest.raises(ValueError, match="unequal sizes"):
        Confusion.of(*np.zeros((2, 2, 2), int), 3, np.ones((1, 2), bool))
