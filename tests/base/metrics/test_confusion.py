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
