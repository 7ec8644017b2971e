from functools import reduce
from operator import add

import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics.palette import Palette
from img2img.base.metrics.table import DEFINITIONS, choose

PALETTE = Palette(("black", "white"), np.array([[0] * 3, [255] * 3], np.uint8))


def test_every_metric_is_a_state_that_adds():
    metrics = choose(tuple(DEFINITIONS), PALETTE)
    fakes, reals = np.random.default_rng(0).integers(0, 256, (2, 4, 12, 12, 3), np.uint8)
    for metric in metrics.values():
        states = [metric.state(*pair) for pair in zip(fakes, reals, strict=True)]
        halves = reduce(add, states[:1]) + reduce(add, states[1:])
        assert metric.finish(halves) == approx(metric.finish(reduce(add, states)), rel=1e-12)


def test_the_better_picture_wins_by_every_metric():
    real = np.zeros((12, 12, 3), np.uint8)
    near, far = real.copy(), np.full_like(real, 200)
    near[:3] = 130
    for metric in choose(tuple(DEFINITIONS), PALETTE).values():
        better, worse = (metric.finish(metric.state(fake, real)) for fake in (near, far))
        assert (better > worse) == metric.rises


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["fid"], "unknown metric 'fid'; choose from l1, mse, psnr, ssim, accuracy, iou"),
        (["iou"], "iou needs a palette"),
        ([], "no metric is named; choose from l1"),
    ],
)
def test_a_metric_that_cannot_be_had_is_one_sentence(names, message):
    with pytest.raises(ValueError, match=message):
        choose(names)
