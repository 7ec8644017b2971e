import subprocess
import sys

import torch
from pytest import approx

from img2img.base.metrics.pictures import PAIRED, measure
from img2img.images import Encoding, decode


def test_batches_are_measured_as_the_pictures_that_would_be_saved():
    fakes, reals = torch.rand(2, 3, 3, 16, 20, generator=torch.manual_seed(0)) * 2 - 1
    measured = measure(fakes, reals, metrics=tuple(PAIRED))
    saved = [[decode(v, Levels(channels=3)) for v in batch] for batch in (fakes, reals)]
    for name, metric in PAIRED.items():
        expected = [metric(*pair) for pair in zip(*saved, strict=True)]
        assert measured[name].count == 3
        assert measured[name].value == approx(sum(expected) / 3, rel=1e-12)


def test_how_pictures_are_batched_does_not_matter():
    fakes, reals = torch.rand(2, 4, 1, 12, 12, generator=torch.manual_seed(1)) * 2 - 1
    whole = measure(fakes, reals)
    parts = [measure(fakes[i : i + 1], reals[i : i + 1]) for i in range(4)]
    for name, mean in whole.items():
        assert mean.value == approx(sum(p[name].total for p in parts) / 4, rel=1e-12)


def test_measuring_loads_no_torch():
    code = "import sys, img2img.base.metrics.table; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
