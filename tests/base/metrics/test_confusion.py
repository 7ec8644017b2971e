import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from img2img.base.metrics.confusion import Confusion, accuracy, class_iou, mean_iou

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
