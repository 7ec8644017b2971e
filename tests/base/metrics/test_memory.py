import re
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from img2img.base.metrics import tiles
from img2img.base.metrics.features import Features
from img2img.base.metrics.kernels import kid, mmd_rbf
from img2img.base.metrics.manifold import manifold

TOOL = Path(__file__).parents[3] / "tools" / "measure_memory.py"


@pytest.mark.parametrize("metric", [kid, mmd_rbf, manifold])
def test_no_metric_of_all_pairs_holds_them_all_at_once(metric, monkeypatch):
    monkeypatch.setattr(tiles, "SIDE", 256)
    count = 2500
    rows = np.random.default_rng(0).standard_normal((2, count, 4))
    fake, real = map(Features.of, rows)
    tracemalloc.start()
    metric(fake, real)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 0.6 * 8 * count**2


@pytest.mark.stress
@pytest.mark.timeout(7200)
def test_50_000_rows_of_2_048_numbers_stay_under_3_gib():
    run = subprocess.run([sys.executable, TOOL], capture_output=True, text=True, check=True)
    peaks = [float(each) for each in re.findall(r"([\d.]+) GiB", run.stdout)]
    assert len(peaks) == 2 and max(peaks) < 3, run.stdout
