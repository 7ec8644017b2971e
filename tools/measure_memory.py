"""Memory and time of the metrics of all pairs: python tools/measure_memory.py [ROWS] [DIMENSIONS].

Two sets of random float32 features, 50,000 x 2,048 each unless told, and each metric in a process
of its own; the peak is of the whole process, the features included.
"""

import resource
import subprocess
import sys
from time import perf_counter

import numpy as np

from img2img.base.metrics.features import Features
from img2img.base.metrics.kernels import kid
from img2img.base.metrics.manifold import manifold

METRICS = {"kid": kid, "manifold": manifold}


def features(seed: int, count: int, dimensions: int) -> Features:
    """N(0, 1), as float32 from the start."""
    shape = count, dimensions
    return Features.of(np.random.default_rng(seed).standard_normal(shape, np.float32))


def measure(name: str, count: int, dimensions: int) -> None:
    """Print one metric's peak and time."""
    fake, real = (features(seed, count, dimensions) for seed in (0, 1))
    start = perf_counter()
    value = METRICS[name](fake, real)
    seconds = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # KiB on Linux
    print(f"{name:9}{count:7,} x {dimensions:,}: {peak:.2f} GiB at most, {seconds:.0f} s, {value}")


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in METRICS:
        measure(sys.argv[1], *map(int, sys.argv[2:]))
    else:
        sizes = [*sys.argv[1:], *["50000", "2048"][len(sys.argv) - 1 :]]
        for name in METRICS:
            subprocess.run([sys.executable, __file__, name, *sizes], check=True)
