import subprocess
import sys
from math import isnan

import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics.pictures import PAIRED, measure
from img2img.base.metrics.span import Span


def batch(count, *shape):
    return np.random.default_rng(0).integers(0, 65536, (2, count, *shape), np.uint16)


def test_a_batch_has_the_means_of_its_pictures():
    fakes, reals = batch(3, 161, 170, 3)
    span = Span(100, 60000)
    measured = measure(fakes, reals, span, metrics=tuple(PAIRED))
    for name, metric in PAIRED.items():
        each = [metric(span.unit(a), span.unit(b), None) for a, b in zip(fakes, reals, strict=True)]
        assert measured[name].count == 3
        assert measured[name].value == approx(sum(each) / 3, rel=1e-12)


def test_how_pictures_are_batched_does_not_matter():
    fakes, reals = batch(4, 12, 12, 1)
    whole = measure(fakes, reals, Span(0, 65535))
    parts = [measure(fakes[i : i + 1], reals[i : i + 1], Span(0, 65535)) for i in range(4)]
    for name, mean in whole.items():
        assert mean.value == approx(sum(p[name].total for p in parts) / 4, rel=1e-12)


def test_a_picture_with_nothing_to_see_is_left_out_of_the_means():
    fakes, reals = batch(2, 12, 12, 3)
    hidden = np.zeros((12, 12), bool)
    found = measure(fakes, reals, Span(0, 65535), [hidden, None])
    assert found == measure(fakes[1:], reals[1:], Span(0, 65535))
    assert found["ssim"].count == 1
    nothing = measure(fakes, reals, Span(0, 65535), [hidden, hidden])
    assert all(isnan(mean.value) for mean in nothing.values())


def test_a_mask_stands_by_each_picture():
    fakes, reals = batch(2, 12, 12, 3)
    with pytest.raises(ValueError, match="shorter"):
        measure(fakes, reals, Span(0, 65535), [None])


def test_measuring_loads_no_torch():
    code = "import sys, img2img.base.metrics.comparison; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
