"""FID by pytorch-fid's own code and by ours, same weights and files, in one run, with the seconds.

python tools/measure_fid.py REAL FAKE [--weights DIR] [--bf16] [--crops N]
python tools/measure_fid.py --frechet-only

Without --crops every file of both folders counts; with it N crops of 192 pixels are drawn
from them. Needs pytorch-fid, a development dependency, and the weights inception-fid.
"""

import argparse
import warnings as noise
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from os import cpu_count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from pytorch_fid import fid_score, inception

from img2img import images, weights
from img2img.base.metrics.frechet import Moments, frechet_distance
from img2img.collecting import collect
from img2img.observers import Precision, features_observer

SIDE = 192  # pixels of a crop; pytorch-fid takes pictures of one size alone
COUNTS = (100, 1000, 3000)  # features of 2048 numbers, for the Frechet step alone
Seconds = dict[str, float]


@contextmanager
def clocked(seconds: Seconds, stage: str) -> Iterator[None]:
    """Add the time of the block to that stage."""
    before = perf_counter()
    yield
    seconds[stage] = seconds.get(stage, 0) + perf_counter() - before


def timed(seconds: Seconds, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, its time added to that stage."""

    def run(*args: Any, **kwargs: Any) -> Any:
        with clocked(seconds, stage):
            return function(*args, **kwargs)

    return run


def theirs(sides: list[Path], folder: Path | None) -> tuple[float, Seconds]:
    """As pytorch-fid's command does it, the download apart."""
    classifier = {"fc.weight": torch.zeros(1008, 2048), "fc.bias": torch.zeros(1008)}
    seconds: Seconds = {}
    stages = {
        "InceptionV3": "network",
        "get_activations": "features",
        "calculate_frechet_distance": "distance",
    }
    with patch.object(
        inception,
        "load_state_dict_from_url",
        lambda *_, **__: classifier | weights.load("inception-fid", folder),
    ):
        clocks = {
            name: timed(seconds, stage, getattr(fid_score, name)) for name, stage in stages.items()
        }
        clocks["InceptionV3"].BLOCK_INDEX_BY_DIM = inception.InceptionV3.BLOCK_INDEX_BY_DIM
        with patch.multiple(fid_score, **clocks), clocked(seconds, "all"):
            workers = min(cpu_count() or 1, 8)  # the command's own default
            fid = fid_score.calculate_fid_given_paths([*map(str, sides)], 50, "cpu", 2048, workers)
    return float(fid), seconds


def ours(sides: list[Path], folder: Path | None, precision: Precision) -> tuple[float, Seconds]:
    """From files to FID."""
    seconds: Seconds = {}
    with clocked(seconds, "all"):
        with clocked(seconds, "network"):
            observer, _ = features_observer(precision=precision, folder=folder)
        with clocked(seconds, "features"):
            states = [
                collect(
                    [partial(images.read, path) for path in images.find(side)], {"pool3": observer}
                ).states["pool3"]
                for side in sides
            ]
        with clocked(seconds, "distance"):
            fid = frechet_distance(*(Moments.of(each.rows) for each in states))
    return fid, seconds


def crop(source: Path, target: Path, count: int) -> Path:
    """`target`, with so many crops of the pictures in `source`, the same at every run."""
    rng = np.random.default_rng(0)
    pictures = [images.read(path) for path in images.find(source)]
    for i in range(count):
        picture = pictures[i % len(pictures)]
        top, left = (int(rng.integers(0, side - SIDE, endpoint=True)) for side in picture.shape[:2])
        part = picture[top : top + SIDE, left : left + SIDE]
        images.write(target / f"{i:05}.png", np.ascontiguousarray(part))
    return target


def compare(sides: list[Path], folder: Path | None, precisions: list[Precision]) -> None:
    """A line for each implementation, and how many times faster ours is."""
    reference, slow = theirs(sides, folder)
    print(f"pytorch-fid  FID {reference:.6f}              {told(slow)}", flush=True)
    for precision in precisions:
        fid, fast = ours(sides, folder, precision)
        print(f"{precision:12} FID {fid:.6f} ({fid - reference:+.6f})  {told(fast)}")
        print(f"{'':12} times faster: " + told({key: slow[key] / fast[key] for key in slow}))


def told(figures: Seconds) -> str:
    """Each by its name."""
    return "  ".join(f"{stage} {value:.2f}" for stage, value in figures.items())


def frechet() -> None:
    """Moments and distance of drawn features, many of them 0 as the Inception's are."""
    rng, d = np.random.default_rng(0), 2048
    mixing = rng.standard_normal((d, d)) * np.exp(-np.arange(d) / 300)[:, None] / 45
    for count in COUNTS:
        a, b = (
            np.maximum(rng.standard_normal((count, d)) @ mixing * scale + 0.1, 0)
            for scale in (1, 1.1)
        )
        slow, fast = Seconds(), Seconds()
        with clocked(slow, "moments"):
            statistics = [(x.mean(axis=0), np.cov(x, rowvar=False)) for x in (a, b)]
        with clocked(slow, "distance"):
            reference = fid_score.calculate_frechet_distance(*statistics[0], *statistics[1])
        with clocked(fast, "moments"):
            moments = Moments.of(a), Moments.of(b)
        with clocked(fast, "distance"):
            distance = frechet_distance(*moments)
        print(f"{count:5} features  pytorch-fid {reference:.8f}  {told(slow)}")
        print(f"{'':15} ours        {distance:.8f}  {told(fast)}")
        print(f"{'':15} times faster: " + told({key: slow[key] / fast[key] for key in slow}))


def main() -> None:
    """Measure what the options say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sides", type=Path, nargs="*", metavar="FOLDER", help="two of them")
    parser.add_argument("--weights", type=Path, help="the folder of inception-fid.safetensors")
    parser.add_argument("--bf16", action="store_true", help="measure bfloat16 as well")
    parser.add_argument("--crops", type=int, help="so many crops of each folder's pictures")
    parser.add_argument("--frechet-only", action="store_true")
    given = parser.parse_args()
    noise.simplefilter("ignore")  # what scipy says of its root
    if given.frechet_only:
        frechet()
        return
    if len(given.sides) != 2:
        parser.error(f"{len(given.sides)} folders; give two")
    precisions: list[Precision] = ["float32", "bf16"] if given.bf16 else ["float32"]
    with TemporaryDirectory() as room:
        sides = given.sides
        if given.crops:
            sides = [crop(each, Path(room, str(i)), given.crops) for i, each in enumerate(sides)]
        compare(sides, given.weights, precisions)


if __name__ == "__main__":
    main()
