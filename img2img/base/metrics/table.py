"""The metrics of fakes against their real pictures, by name: the one table to extend."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.confusion import Confusion, accuracy, mean_iou
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.palette import Palette, nearest
from img2img.base.metrics.pictures import PAIRED

Picture = NDArray[np.uint8]  # (H, W, 3)

DEFINITIONS = {
    "l1": "mean absolute difference of levels scaled to [0, 1]; mean over pictures",
    "mse": "mean squared difference of levels scaled to [0, 1]; mean over pictures",
    "psnr": "decibel, from each picture's mse; mean over pictures",
    "ssim": "gaussian window 11 x 11, sigma 1.5, inner pixels; mean over channels and pictures",
    "accuracy": "share of all pixels whose nearest palette colour is the real picture's",
    "iou": "intersection over union from all pixels; mean over the classes present",
}
FALLING = {"l1", "mse"}  # lower is better


class Metric(NamedTuple):
    """A state that adds, and a function that finishes it."""

    state: Callable[[Picture, Picture], Any]
    """(fake, real) -> their state."""
    finish: Callable[[Any], float]
    definition: str
    rises: bool
    """Whether higher is better."""


def choose(names: Sequence[str], palette: Palette | None = None) -> dict[str, Metric]:
    """The metrics of these names; accuracy and iou label pixels by the palette's nearest colours.

    Raises:
        ValueError: no name, an unknown one, or one that needs a palette.
    """
    if not names:
        raise ValueError(f"no metric is named; choose from {', '.join(DEFINITIONS)}")
    return {name: _metric(name, palette) for name in names}


def _metric(name: str, palette: Palette | None) -> Metric:
    if name not in DEFINITIONS:
        raise ValueError(f"unknown metric {name!r}; choose from {', '.join(DEFINITIONS)}")
    if name in PAIRED:
        state: Callable[[Picture, Picture], Any] = partial(_mean, name)
        finish: Callable[[Any], float] = attrgetter("value")
    elif palette is None:
        raise ValueError(f"the metric {name} needs a palette; give one, such as builtin:town")
    else:
        state = partial(_confusion, palette)
        finish = {"accuracy": accuracy, "iou": mean_iou}[name]
    return Metric(state, finish, DEFINITIONS[name], name not in FALLING)


def _mean(name: str, fake: Picture, real: Picture) -> Mean:
    return Mean.of([PAIRED[name](fake, real)])


def _confusion(palette: Palette, fake: Picture, real: Picture) -> Confusion:
    return Confusion.of(nearest(fake, palette), nearest(real, palette), len(palette.names))
