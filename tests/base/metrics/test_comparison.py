from math import nan

import numpy as np
import pytest

from img2img.base.metrics.classes import Segmenter
from img2img.base.metrics.comparison import Question
from img2img.images import Labels, Levels

REAL = np.zeros((12, 12, 1), np.uint8)


def test_classes_add_their_metrics_unless_one_is_named():
    assert list(Question(classes=3).about(REAL).metrics) == ["accuracy", "iou"]
    added = Question(("l1",), classes=3).about(REAL).metrics
    assert list(added) == ["l1", "accuracy", "iou"]
    assert list(Question(["iou"], palette="builtin:town").about(REAL).metrics) == ["iou"]
    named = Question(["l1", "class-accuracy"], classes=3).about(REAL).metrics
    assert list(named) == ["l1", "class-accuracy"]


def test_a_segmenter_tells_the_classes_of_fakes_alone():
    photos = Segmenter(lambda picture: picture[..., 0] // 100, "brightness")
    comparison = Question(classes=3, segmenter=photos).about(REAL)
    metric = comparison.metrics["accuracy"]
    assert metric.finish(metric.state(REAL + np.uint8(250), REAL + np.uint8(2), None)) == 1
    assert "brightness" in metric.definition
    with pytest.raises(ValueError, match="brightness tells labels of no classes; give a palette"):
        Question(segmenter=photos).about(REAL)


def test_super_resolution_has_its_own_metrics_unless_they_are_named():
    real, metric = np.zeros((12, 12, 3), np.uint8), Question().about(REAL).metrics["l1"]
    question = Question(protocol="sr-y", scale=2, others={"theirs": lambda span: metric})
    assert list(question.about(real).metrics) == ["psnr", "ssim"]
    both = question._replace(beside=lambda: ["theirs"])
    assert list(both.about(real).metrics) == ["psnr", "ssim", "theirs"]
    assert list(both._replace(metrics=["l1"]).about(real).metrics) == ["l1"]
    assert list(both._replace(protocol="rgb", scale=None).about(real).metrics) == list(
        Question().about(real).metrics
    )
    assert "iou" in both._replace(classes=2).about(real).metrics


def test_the_metrics_scale_by_the_protocols_range():
    comparison = Question(["l1"], range=(0, 10)).about(REAL)
    metric = comparison.metrics["l1"]
    assert metric.finish(metric.state(REAL + np.uint8(5), REAL, None)) == 0.5
    assert comparison.protocol.span == (0, 10)


def test_options_that_are_missing_or_without_effect_are_refused():
    for options, message in [
        ({"ignore": 1}, "label 1 of no classes; give a palette or their number"),
        ({"classes": 4, "palette": "builtin:town"}, "builtin:town counts its classes itself"),
        ({"nodata": nan}, "no pixel of uint8 holds nan"),
        ({"range": (3, 1)}, "a range from 3 to 1 is none"),
        ({"metrics": ["iou"]}, "iou needs a palette, such as builtin:town, or the number of cl"),
        ({"palette": "none.txt"}, r"there is no palette none\.txt"),
    ]:
        with pytest.raises(ValueError, match=message):
            Question(**options).about(REAL)


def test_an_encoding_answers_what_is_not_asked():
    labels = Labels(names=("a", "b", "c"), ignore=9)
    known = Question(encoding=labels).about(REAL)
    assert list(known.metrics) == ["accuracy", "iou"]
    assert (known.classes.names, known.classes.ignore) == (("a", "b", "c"), 9)
    asked = Question(("l1",), classes=4, ignore=1, encoding=labels).about(REAL)
    assert list(asked.metrics) == ["l1", "accuracy", "iou"]
    assert (len(asked.classes.names), asked.classes.ignore) == (4, 1)
    assert Question(ignore=1, encoding=labels).about(REAL).classes.ignore == 1
    assert Question(("l1",), classes=4, encoding=labels).about(REAL).classes.ignore is None
    palette = ((0, 0, 0), (255, 0, 0))
    coloured = Question(encoding=Labels(names=("a", "b"), palette=palette)).about(REAL).classes
    assert coloured.label(np.array([[[200, 9, 9]]], np.uint8)).tolist() == [[1]]


@pytest.mark.parametrize(
    ("low", "high", "span"),
    [((0, 0), (255, 255), (0, 255)), (0, 99, (0, 99)), ((0, 1), 99, ((0, 1), 99))],
)
def test_the_range_is_that_of_the_encoding(low, high, span):
    real, levels = np.zeros((12, 12, 2), np.uint8), Levels(channels=2, low=low, high=high)
    assert Question(encoding=levels).about(real).protocol.span == span
    assert Question(range=(3, 4), encoding=levels).about(real).protocol.span == (3, 4)


def test_super_resolution_has_the_range_of_8_bits_whatever_the_encoding_says():
    real, levels = np.zeros((12, 12, 3), np.uint8), Levels(channels=3, low=16, high=235)
    question = Question(protocol="sr-rgb", scale=2, encoding=levels)
    assert question.about(real).protocol.span == (0, 255)
