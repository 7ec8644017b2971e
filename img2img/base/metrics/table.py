"""The metrics of fakes against their real pictures, by name: the one table to extend."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from img2img.base.metrics.classes import Classes
from img2img.base.metrics.confusion import (
    Confusion,
    Margins,
    Shares,
    averaged,
    overall,
    overlaps,
    recalls,
)
from img2img.base.metrics.interval import interval, interval_of_confusions
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.pictures import PAIRED, state
from img2img.base.metrics.span import Mask, Span, Unit
from img2img.images import Picture

DEFINITIONS = {  # {told}: what a pixel tells its class by
    "l1": "mean absolute difference of pixels, the range scaled to [0, 1]; mean over pictures",
    "mse": "mean squared difference of pixels, the range scaled to [0, 1]; mean over pictures",
    "psnr": "decibel, from each picture's mse; mean over pictures",
    "ssim": "gaussian window 11 x 11, sigma 1.5, where all of it counts;"
    " mean over channels and pictures",
    "ms-ssim": "ssim's terms at 5 scales, where all of a window counts, each mean from 0 on;"
    " mean over channels and pictures",
    "sharpness": "decibel, from each picture's mean difference of |di| + |dj|, in the first power,"
    " the range scaled to [0, 1]; mean over pictures",
    "ciede2000": "mean CIEDE2000 difference of pixels as sRGB under D65, the range scaled to"
    " [0, 1]; mean over pictures",
    "edges": "F-measure within 1 pixel of edges (gaussian sigma 1, slope of 0.04 of the range a"
    " pixel, thinned) of the mean of channels; mean over pictures",
    "accuracy": "share of all pixels, classed by {told}, that are of the real picture's class",
    "class-accuracy": "share of a class's pixels that are labelled so, from all pixels, classed by"
    " {told}; mean over the real pictures' classes",
    "iou": "intersection over union from all pixels, classed by {told};"
    " mean over the classes present",
}
# lower is better; those of networks and swd, a measure of sets, are kept elsewhere
FALLING = {"l1", "mse", "ciede2000", "swd", "lpips-alex", "lpips-vgg", "dists"}
SHARES: dict[str, Callable[[Margins, int | None], Shares] | None] = {
    "accuracy": None,
    "class-accuracy": recalls,
    "iou": overlaps,
}
"""The metrics of label maps, and the share of each class that they are the mean of, if so."""


class Metric(NamedTuple):
    """A state that adds, and a function that finishes it."""

    state: Callable[[Picture, Picture, Mask | None], Any]
    """(fake, real, mask) -> the state of the pixels where the mask, if any, is true."""
    finish: Callable[[Any], float]
    """nan of no such pixels."""
    definition: str
    rises: bool
    """Whether higher is better."""
    interval: Callable[[Sequence[Any]], tuple[float, float]] | None = None
    """The bootstrap interval of what is finished of all these states together, if there is one."""
    classes: Callable[[Any], Shares] | None = None
    """The figure of each class, where it is their mean."""


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
    """The metrics of these names, for pictures of the range `span`; those of labels need classes.

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
        return of_means(partial(state, name, unit), DEFINITIONS[name], name not in FALLING)
    if classes is None:
        needs = "a palette, such as builtin:town, or the number of classes"
        raise ValueError(f"the metric {name} needs {needs}; give one")
    return _of_labels(name, classes)


def of_means(
    of_one: Callable[[Picture, Picture, Mask | None], Mean], definition: str, rises: bool
) -> Metric:
    """The mean over pictures of what `of_one` finds of each."""
    return Metric(of_one, attrgetter("value"), definition, rises, _of_values)


def _of_values(means: Sequence[Mean]) -> tuple[float, float]:
    return interval([mean.value for mean in means])


def _of_labels(name: str, classes: Classes) -> Metric:
    shares = SHARES[name]
    finish = overall if shares is None else averaged(shares, classes.ignore)

    def value(confusion: Confusion) -> float:
        return float(finish(confusion.margins))

    def each(confusion: Confusion) -> Shares:
        assert shares is not None
        return shares(confusion.margins, classes.ignore)

    return Metric(
        partial(_confusion, classes),
        value,
        DEFINITIONS[name].format(told=classes.told),
        rises=True,
        interval=partial(interval_of_confusions, finish=finish),
        classes=None if shares is None else each,
    )


def _confusion(classes: Classes, fake: Picture, real: Picture, mask: Mask | None) -> Confusion:
    labels, truth = classes.of_fake(fake), classes.label(real)
    if classes.ignore is not None:
        told = truth != classes.ignore
        mask = told if mask is None else mask & told
    return Confusion.of(labels, truth, len(classes.names), mask)
