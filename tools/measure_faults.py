"""What figures without weights say of planted faults: python tools/measure_faults.py [SIZE].

The town's test aerials, real and spoilt, against its val aerials: distance and signs of illness.
"""

import sys
from collections.abc import Callable, Iterator
from time import process_time

import torch
from kornia.filters import gaussian_blur2d
from torch import Tensor

from img2img.base.draws import seeded
from img2img.base.health import warnings
from img2img.base.metrics.checkerboard import checkerboard
from img2img.base.metrics.patches import Patches
from img2img.base.metrics.symptoms import diversity, drift, inversion
from img2img.base.metrics.wasserstein import sliced_wasserstein
from img2img.data.town import town

COUNT = 32  # pictures of a set
CHESS = torch.tensor([[1.0, -1.0], [-1.0, 1.0]])
RED = torch.tensor([1.0, 0.0, 0.0]).view(3, 1, 1)
FAULTS: dict[str, tuple[Callable[[Tensor, float], Tensor], tuple[float, ...]]] = {
    "blurred, sigma": (lambda y, s: gaussian_blur2d(y, (9, 9), (s, s)), (0.5, 1, 2)),
    "noise of": (lambda y, s: y + s * noise(y), (0.05, 0.1, 0.2)),
    "red raised by": (lambda y, s: y + s * RED, (0.1, 0.25, 0.5)),
    "contrast times": (lambda y, s: colour(y) + s * (y - colour(y)), (0.8, 0.5, 0.2, -1)),
    "grid of": (lambda y, s: y + s * CHESS.repeat(*(n // 2 for n in y.shape[2:])), (0.025, 0.05)),
    "distinct pictures": (lambda y, s: y[: int(s)].repeat(COUNT // int(s), 1, 1, 1), (8, 2, 1)),
    "their mean, noise of": (lambda y, s: y.mean(0) + s * noise(y), (0, 0.1)),
}


def colour(y: Tensor) -> Tensor:
    """The mean of each channel."""
    return y.mean((0, 2, 3), keepdim=True)


def noise(y: Tensor) -> Tensor:
    """N(0, 1), the same at each call."""
    return torch.randn(y.shape, generator=seeded("noise"))


def side(name: str, split: str, size: int) -> Tensor:
    """Values (COUNT, 3, size, size) of one side of the town."""
    scenes = getattr(town(0, size).splits[split], name)
    return (
        torch.stack([torch.from_numpy(scenes[i]) for i in range(COUNT)]).movedim(3, 1) / 127.5 - 1
    )


def outputs(x: Tensor, y: Tensor) -> Iterator[tuple[str, Tensor]]:
    """What a generator might make of maps x that belong to aerials y."""
    yield "real aerials", y
    yield "the maps themselves", x
    for name, (spoilt, strengths) in FAULTS.items():
        for strength in strengths:
            yield f"{name} {strength:g}", spoilt(y, strength)


def main(size: int) -> None:
    """A line for each output; then the time of 100 pictures of 256 pixels."""
    x, y, real = side("A", "test", size), side("B", "test", size), side("B", "val", size)
    print(f"{'output':24}distance diversity inversion    drift checkerb.")
    for name, fakes in outputs(x, y):
        figures = {
            "diversity": diversity(fakes, real),
            "inversion": inversion(x, fakes),
            "drift": drift(fakes, real),
            "checkerboard": checkerboard(fakes, real),
        }
        distance = sliced_wasserstein(Patches.of(fakes, first=COUNT), Patches.of(real))
        signs = [sentence.split()[0] for sentence in warnings(figures)]
        print(f"{name:23}", *(f"{v:9.4f}" for v in (distance, *figures.values())), *signs)
    large = torch.rand(100, 3, 256, 256)
    before = process_time()
    patches = sum((Patches.of(large[i : i + 10], first=i) for i in range(0, 100, 10)), Patches())
    between = process_time()
    sliced_wasserstein(patches, patches)
    print(f"patches of 100: {between - before:.2f} s; distance: {process_time() - between:.2f} s")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 64)
