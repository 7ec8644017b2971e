"""PAIRED: the metrics of one fake and its real picture, by name; and their means over batches."""

from collections.abc import Callable, Sequence
from functools import reduce
from math import isnan
from operator import add

from img2img.base.metrics.ciede2000 import ciede2000
from img2img.base.metrics.differences import l1, mse, psnr
from img2img.base.metrics.edges import edges
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.multiscale import ms_ssim
from img2img.base.metrics.sharpness import sharpness
from img2img.base.metrics.similarity import ssim
from img2img.base.metrics.span import Mask, Span, Unit
from img2img.images import Picture

PAIRED: dict[str, Callable[[Unit, Unit, Mask | None], float]] = {
    "l1": l1,
    "mse": mse,
    "psnr": psnr,
    "ssim": ssim,
    "ms-ssim": ms_ssim,
    "sharpness": sharpness,
    "ciede2000": ciede2000,
    "edges": edges,
}


def measure(
    fakes: Sequence[Picture],
    reals: Sequence[Picture],
    span: Span,
    masks: Sequence[Mask | None] | None = None,
    *,
    metrics: Sequence[str] = ("l1", "psnr", "ssim"),
) -> dict[str, Mean]:
    """The metrics of a batch of pictures (H, W, C), as they are saved, of the range `span`.

    Add the results of several batches name by name; `.value` finishes.
    """
    masks = [None] * len(reals) if masks is None else masks
    groups = list(zip(fakes, reals, masks, strict=True))
    return {
        name: reduce(add, (state(name, span.unit, *group) for group in groups), Mean())
        for name in metrics
    }


def state(
    name: str,
    unit: Callable[[Picture], Unit],
    fake: Picture,
    real: Picture,
    mask: Mask | None = None,
) -> Mean:
    """The state of one picture by the metric `name`; of no picture where it has no figure.

    `unit` scales pictures to [0, 1], as `Span.unit` does.
    """
    value = PAIRED[name](unit(fake), unit(real), mask)
    return Mean() if isnan(value) else Mean.of([value])
