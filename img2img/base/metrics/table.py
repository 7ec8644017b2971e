"""The metrics of fakes against their real pictures, by name: the one table to extend."""

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from img2img.base.metrics.classes import Classes
from img2img.base.metrics.confusion import Confusion, accuracy, mean_iou
from img2img.base.metrics.pictures import PAIRED, state
from img2img.base.metrics.span import Mask, Span
from img2img.images import Picture

DEFINITIONS = {  # {told}: what a pixel tells its class by
    "l1": "mean absolute difference of pixels, the range scaled to [0, 1]; mean over pictures",
    "mse": "mean squared difference of pixels, the range scaled to [0, 1]; mean over pictures",
    "psnr": "decibel, from each picture's mse; mean over pictures",
    "ssim": "gaussian window 11 x 11, sigma 1.5, where all of it counts;"
    " mean over channels and pictures",
    "accuracy": "share of all pixels whose {told} is of the real picture's class",
    "iou": "intersection over union from all pixels, classed by {told};"
    " mean over the classes present",
}
FALLING = {"l1", "mse", "swd"}  # lower is better; swd is of sets, and validation's alone


class Metric(NamedTuple):
    """A state that adds, and a function that finishes it."""

    state: Callable[[Picture, Picture, Mask | None], Any]
    """(fake, real, mask) -> the state of the pixels where the mask, if any, is true."""
    finish: Callable[[Any], float]
    """nan of no such pixels."""
    definition: str
    rises: bool
    """Whether higher is better."""


def choose(names: Sequence[str], span: Span, classes: Classes | None = None) -> dict[str, Metric]:
    """The metrics of these names, for pictures of the range `span`; accuracy and iou need classes.

    Raises:
        ValueError: no name, an unknown one, or one that needs classes.
    """
    if not names:
        raise ValueError(f"no metric is named; choose from {', '.join(DEFINITIONS)}")
    return {name: _metric(name, span, classes) for name in names}


def _metric(name: str, span: Span, classes: Classes | None) -> Metric:
    if name not in DEFINITIONS:
        raise ValueError(f"unknown metric {name!r}; choose from {', '.join(DEFINITIONS)}")
    if name in PAIRED:
        of_one = partial(state, name, span)
        return Metric(of_one, attrgetter("value"), DEFINITIONS[name], name not in FALLING)
    if classes is None:
        needs = "a palette, such as builtin:town, or the number of classes"
        raise ValueError(f"the metric {name} needs {needs}; give one")
    finish = accuracy if name == "accuracy" else partial(mean_iou, ignore=classes.ignore)
    definition = DEFINITIONS[name].format(told=classes.told)
    return Metric(partial(_confusion, classes), finish, definition, rises=True)


def _confusion(classes: Classes, fake: Picture, real: Picture, mask: Mask | None) -> Confusion:
    labels, truth = classes.label(fake), classes.label(real)
    if classes.ignore is not None:
        told = truth != classes.ignore
        mask = told if mask is None else mask & told
    return Confusion.of(labels, truth, len(classes.names), mask)
