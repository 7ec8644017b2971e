import numpy as np

from img2img.data.shares import class_counts, class_shares


def test_shares_are_of_the_pixels_whose_class_is_known():
    labels = np.array([[0, 1, 1], [3, 255, 1]], np.uint8)
    counts = class_counts(labels, 4) + class_counts(np.array([[-1, 0]]), 4)
    assert counts.tolist() == [2, 3, 0, 1]
    assert class_shares(counts).tolist() == [2 / 6, 3 / 6, 0, 1 / 6]


def test_nothing_has_no_shares():
    assert class_shares(class_counts(np.zeros((0, 3), np.uint8), 2)).tolist() == [0, 0]
