"""Gauge: any metric of `evaluate`, measured in validation so that it can choose the best step."""

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import repeat
from math import nan
from operator import add
from pathlib import Path
from typing import Any

from img2img.base.metrics.collection import Collection
from img2img.base.metrics.comparison import limits
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.set_table import SETS
from img2img.base.metrics.sets import SetMetric, Sets
from img2img.base.metrics.span import Span
from img2img.base.metrics.table import DEFINITIONS, FALLING, Metric, choose
from img2img.base.runtime import pick_device
from img2img.config import Config
from img2img.gathering import Look, Watch, watches
from img2img.images import Levels, Picture
from img2img.inquiry import CLASSED
from img2img.learned import NAMES as LEARNED
from img2img.learned import learned
from img2img.variety import learned_sets
from img2img.views import Encodings, Outputs, View
from img2img.views.view import pictures, visible


def falls(name: str) -> bool:
    """Whether lower is better."""
    return name in FALLING or (name in SETS and SETS[name].rises is False)


def choices(view: View, encodings: Encodings) -> tuple[str, ...]:
    """What can choose beyond the view's own figures."""
    if any(encoding.kind == "labels" for encoding in encodings[1:]):
        return ()
    table = {**SETS, **learned_sets()}
    # memorisation is of the training pictures, too many to look at in every validation
    of_sets = [n for n, it in table.items() if it.rises is not None and n != "memorisation"]
    own = view.chooses(encodings)
    paired = "l1" in own
    of_pairs = [name for name in (*DEFINITIONS, *LEARNED) if paired and name not in CLASSED]
    return tuple(name for name in (*of_pairs, *of_sets) if name not in own)


class Gauge:
    """A metric of what every generator makes of the pictures of a split, the mean over generators.

    Raises:
        ValueError: the metric cannot be measured of such pictures, or its weights are missing.
    """

    def __init__(self, name: str, config: Config, encodings: Encodings) -> None:
        self.name, self.encodings = name, encodings
        self.folder = Path(config.weights_dir) if config.weights_dir else None
        self.seed, self.device = config.seed, str(pick_device(config.device))
        self.metric: SetMetric | None = {**SETS, **learned_sets(self.folder)}.get(name)
        # the domains often share a range, and then the network that looks at both
        kinds = {kind(it) for it in encodings if isinstance(it, Levels)}
        self.watched = {it: self._watched(*it) for it in kinds}
        self.paired = {} if self.metric else {it: self._paired(it[0]) for it in kinds}
        self.kept: dict[str, Collection] = {}
        """Of the real pictures, by generator: they are the same at every validation."""
        self.begin()

    def begin(self) -> None:
        """Forget the fakes of the last validation."""
        self.means: dict[str, list[Mean]] = {}
        self.fakes: dict[str, Collection] = {}
        self.reals: dict[str, Collection] = {}

    def add(self, outputs: Mapping[str, Outputs], first: int) -> None:
        """What the generators made of the pictures `first`, `first` + 1, ...

        Raises:
            ValueError: the metric cannot be measured of such pictures, or not where some is hidden.
        """
        for name, made in outputs.items():
            encoding = self.encodings[made.domain]
            assert isinstance(encoding, Levels)
            fakes, reals = (pictures(side, encoding) for side in (made.fakes, made.reals))
            if self.metric is None:
                masks = visible(made.mask) or repeat(None, len(fakes))
                states = map(self.paired[kind(encoding)].state, fakes, reals, masks)
                self.means.setdefault(name, []).extend(states)
            else:
                self._check_whole(made)
                _put(self.fakes, name, seen(fakes, self.watched[kind(encoding)], first))
                if name not in self.kept:
                    _put(self.reals, name, seen(reals, self.watched[kind(encoding)], first))

    def finish(self) -> float:
        """The mean over the generators; nan where it has no figure.

        Raises:
            ValueError: it has none of so few pictures.
        """
        if self.metric is None:
            found = [reduce(add, states).value for states in self.means.values()]
        else:
            self.kept |= self.reals
            found = [self._of_sets(name) for name in self.fakes]
        return sum(found) / len(found) if found else nan

    def _check_whole(self, made: Outputs) -> None:
        for mask in (made.mask, made.mask_reals):
            if mask is not None and not (mask > 0).all():
                raise ValueError(
                    f"{self.name} is of whole pictures, but some pixels of val do not count; let"
                    " another figure choose by --report.best"
                )

    def _of_sets(self, name: str) -> float:
        assert self.metric is not None
        try:
            figure = self.metric.finish(Sets(self.fakes[name], self.kept[name], seed=self.seed))
        except ValueError as error:
            raise ValueError(f"{self.name}: {error}") from error
        return float(figure[0] if isinstance(figure, tuple) else figure)

    def _watched(self, span: Span, dtype: str) -> dict[str, Watch]:
        needs = self.metric.needs if self.metric else ()
        look = Look(span, dtype, folder=self.folder, device=self.device, seed=self.seed)
        return watches(needs, look)

    def _paired(self, span: Span) -> Metric:
        return choose([self.name], span, others=learned(self.folder))[self.name]


def kind(encoding: Levels) -> tuple[Span, str]:
    """The range of such pictures and their depth."""
    return limits(encoding), encoding.dtype


def seen(made: Sequence[Picture], watched: Mapping[str, Watch], first: int) -> Collection:
    """What is kept of some pictures."""
    states: dict[str, Any] = {
        name: it.observer.observe([it.observer.prepare(each) for each in made], first)
        for name, it in watched.items()
    }
    return Collection(len(made), states)


def _put(kept: dict[str, Collection], name: str, more: Collection) -> None:
    kept[name] = kept.get(name, Collection()) + more
