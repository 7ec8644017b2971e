"""The metrics of fakes against their real pictures, by name: the one table to extend."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from img2img.base.metrics.classes import Classes
from img2img.base.metrics.confusion import Confusion, accuracy, mean_iou
from img2img.base.metrics.pictures import PAIRED, state
from img2img.base.metrics.span import Mask, Span, Unit
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
# lower is better; those of networks and swd, a measure of sets, are kept elsewhere
FALLING = {"l1", "mse", "swd", "lpips-alex", "lpips-vgg"}


class Metric(NamedTuple):
    """A state that adds, and a function that finishes it."""

    state: Callable[[Picture, Picture, Mask | None], Any]
    """(fake, real, mask) -> the state of the pixels where the mask, if any, is true."""
    finish: Callable[[Any], float]
    """nan of no such pixels."""
    definition: str
    rises: bool
    """Whether higher is better."""


Factory = Callable[[Span], Metric]  # for pictures of that range
NONE: Mapping[str, Factory] = MappingProxyType({})


def choose(
    names: Sequence[str],
    span: Span,
    classes: Classes | None = None,
    others: Mapping[str, Factory] = NONE,
    *,
    unit: Callable[[Picture], Unit] | None = None,
) -> dict[str, Metric]:
    """The metrics of these names, for pictures of the range `span`; accuracy and iou need classes.

    `others` are metrics that this table does not make itself. Distances and ssim are of what `unit`
    makes of pictures on [0, 1], if it is given, which need not be their colours.

    Raises:
        ValueError: no name, an unknown one, or one that needs classes.
    """
    known = ", ".join((*DEFINITIONS, *others))
    if not names:
        raise ValueError(f"no metric is named; choose from {known}")
    if unknown := [name for name in names if name not in {*DEFINITIONS, *others}]:
        raise ValueError(f"unknown metric {unknown[0]!r}; choose from {known}")
    return {
        name: others[name](span) if name in others else _metric(name, unit or span.unit, classes)
        for name in names
    }


def _metric(name: str, unit: Callable[[Picture], Unit], classes: Classes | None) -> Metric:
    if name in PAIRED:
        of_one = partial(state, name, unit)
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
