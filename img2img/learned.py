"""Learned: the metrics that need networks, which the table of metrics cannot load itself."""

from functools import partial
from pathlib import Path

from img2img.base.metrics.span import Span
from img2img.base.metrics.table import Factory, Metric

NAMES = ("lpips-alex", "lpips-vgg", "dists")
NEEDS = {"lpips-alex": ("alexnet", "lpips-alex")}  # of the one that is measured where it can be


def learned(folder: Path | None = None) -> dict[str, Factory]:
    """Each by its name, made when it is called for with the weights of `folder`, if it has them.

    Raises, when it is called for:
        MissingWeightsError: its weights are nowhere.
    """
    return {name: partial(_learned, name, folder) for name in NAMES}


def beside(folder: Path | None = None) -> tuple[str, ...]:
    """What stands beside psnr and ssim in super-resolution: nothing whose weights are missing."""
    return tuple(name for name, weights in NEEDS.items() if _there(weights, folder))


def _learned(name: str, folder: Path | None, span: Span) -> Metric:
    from img2img import perception

    if name == "dists":
        metric = perception.dists_metric(span, folder)
    else:
        metric = perception.lpips_metric(name, span, folder)
    # of the luma alone they were never fitted to what people see
    return metric._replace(definition=f"{metric.definition}; on RGB, under sr-y too")


def _there(weights: tuple[str, ...], folder: Path | None) -> bool:
    from img2img.weights import MissingWeightsError, find

    try:
        return all(find(name, folder) for name in weights)
    except MissingWeightsError:
        return False
