from math import nan

import numpy as np
import pytest

from img2img.base.metrics.comparison import Question

REAL = np.zeros((12, 12, 1), np.uint8)


def test_classes_add_their_metrics_unless_one_is_named():
    added = Question(classes=3).about(REAL).metrics
    assert list(added) == ["l1", "psnr", "ssim", "accuracy", "iou"]
    assert list(Question(["iou"], palette="builtin:town").about(REAL).metrics) == ["iou"]


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
