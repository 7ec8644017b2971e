"""Variety: the metrics of sets that need networks, which their table cannot load itself."""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from img2img import images
from img2img.base.metrics.diversity import Pair, mean_pairwise
from img2img.base.metrics.sets import SetMetric, Sets
from img2img.base.metrics.span import Span
from img2img.base.metrics.stills import Stills
from img2img.base.metrics.table import Metric

PAIRS = 200  # of pictures whose distances are averaged
SIDE = 256  # pixels, of pictures that are not all of one size
DIVERSITY = (
    f"mean LPIPS (alex) of {PAIRS} pairs of the first 256 fakes, beside it that of reals; resized"
    f" to {SIDE} x {SIDE} where not all are of one size"
)


class Diversity(NamedTuple):
    """The mean distance of two pictures of a set."""

    fake: float
    real: float


def learned_sets(folder: Path | None = None) -> dict[str, SetMetric]:
    """Each by its name, measured with the weights of `folder`, if it has them.

    Raises, when it is finished:
        MissingWeightsError: its weights are nowhere.
    """
    finish = partial(_diversity, folder)
    return {"diversity": SetMetric(("stills",), finish, DIVERSITY, rises=None, seeded=True)}


def _diversity(folder: Path | None, sets: Sets) -> Diversity:
    from img2img.perception import lpips_metric

    judge = lpips_metric("lpips-alex", Span(0, 255), folder)
    return Diversity(*(_spread(judge, each, sets.seed) for each in sets.both("stills")))


def _spread(judge: Metric, stills: Stills, seed: int) -> float:
    pictures = [picture for _, picture in sorted(stills.pictures.items())]
    if len({picture.shape[:2] for picture in pictures}) > 1:
        pictures = [images.resize(picture, SIDE, SIDE) for picture in pictures]

    def distances(chosen: Sequence[Pair]) -> Iterator[float]:
        for i, j in chosen:
            yield judge.finish(judge.state(pictures[i], pictures[j], None))

    return mean_pairwise(len(pictures), distances, limit=PAIRS, seed=seed).value
