"""Inquiry: all that may be asked of a measurement, by evaluate and by score alike."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypedDict

from img2img.base.metrics.protocol import NAMES
from img2img.base.metrics.table import DEFINITIONS
from img2img.learned import NAMES as LEARNED
from img2img.segmenting import Labelling

FEATURE_PROTOCOLS = ("pytorch-fid", "clean", "torch-fidelity")
CLASSED = ("accuracy", "class-accuracy", "iou")
OF_RUNS = ("cycle", "identity", "reconstruction")  # which take the networks themselves


class Options(TypedDict, total=False):
    """As `evaluate` explains them."""

    metrics: Sequence[str] | str | None
    protocol: str
    scale: int | None
    range: tuple[float, float] | None
    mask: str | Path | None
    nodata: float | None
    palette: str | Path | None
    classes: int | None
    ignore: int | None
    segmenter: Labelling | str | Path | None
    split: str | None
    train: str | Path | None
    samples: int | None
    precision: Literal["float32", "bf16"]
    seed: int
    weights_dir: str | Path | None
    save_stats: str | Path | None
    json: str | Path | None
    sheet: str | Path | None
    html: str | Path | None
    tell: Callable[[str], None]


class Inquiry(NamedTuple):
    """The same with what holds unless it is given."""

    metrics: Sequence[str] | str | None = None
    protocol: str = "auto"
    scale: int | None = None
    range: tuple[float, float] | None = None
    mask: str | Path | None = None
    nodata: float | None = None
    palette: str | Path | None = None
    classes: int | None = None
    ignore: int | None = None
    segmenter: Labelling | str | Path | None = None
    split: str | None = None
    train: str | Path | None = None
    samples: int | None = None
    precision: Literal["float32", "bf16"] = "float32"
    seed: int = 0
    weights_dir: str | Path | None = None
    save_stats: str | Path | None = None
    json: str | Path | None = None
    sheet: str | Path | None = None
    html: str | Path | None = None
    tell: Callable[[str], None] = lambda line: None

    @property
    def folder(self) -> Path | None:
        """Where weights are looked for first."""
        return None if self.weights_dir is None else Path(self.weights_dir)

    @property
    def protocols(self) -> tuple[str, Any]:
        """Of pictures against their targets, and of features; unless given auto and pytorch-fid.

        Raises:
            ValueError: one is unknown, or two of one kind are named.
        """
        named = listed(self.protocol)
        known = (*NAMES, *FEATURE_PROTOCOLS)
        if unknown := [name for name in named if name not in known]:
            raise ValueError(f"unknown protocol {unknown[0]!r}; choose from {', '.join(known)}")
        features = [name for name in named if name in FEATURE_PROTOCOLS]
        pictures = [name for name in named if name not in FEATURE_PROTOCOLS]
        for twice in (features, pictures):
            if len(twice) > 1:
                raise ValueError(f"{' and '.join(twice)} are protocols of one kind; choose one")
        return (pictures or ["auto"])[0], (features or ["pytorch-fid"])[0]


def listed(text: str) -> list[str]:
    """The names in a text, by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


class Chosen(NamedTuple):
    """Names of metrics by what they judge; None: nothing was named."""

    pairs: tuple[str, ...] | None = None
    sets: tuple[str, ...] | None = None
    runs: tuple[str, ...] | None = None
    spelt: frozenset[str] = frozenset()
    """Those that were named one by one, and not by a group: they must be measured."""

    @property
    def sure(self) -> tuple[str, ...] | None:
        """Of couples, those that must be measured; of a group alone the first."""
        if self.pairs is None:
            return None
        return tuple(name for name in self.pairs if name in self.spelt) or self.pairs[:1]


def chosen(names: Sequence[str] | str | None) -> Chosen:
    """The names, or those of a text by commas, sorted by kind; all, pairs, sets stand for many.

    Raises:
        ValueError: one is unknown, or none is left.
    """
    names = listed(names) if isinstance(names, str) else names
    if names is None:
        return Chosen()
    pairs = (*DEFINITIONS, *LEARNED)
    if not names:
        raise ValueError(f"no metric is named; choose from {', '.join(pairs)}, ...")
    if {*names} <= {*pairs}:  # the table of sets is slow to load
        return Chosen(tuple(dict.fromkeys(names)), (), (), frozenset(names))
    from img2img.base.metrics.set_table import SETS
    from img2img.variety import learned_sets

    sets = (*SETS, *learned_sets())
    levels = tuple(name for name in pairs if name not in CLASSED)
    groups = {"pairs": levels, "sets": sets, "all": (*levels, *sets)}
    known = (*pairs, *sets, *OF_RUNS)
    if unknown := [name for name in names if name not in (*groups, *known)]:
        near = get_close_matches(unknown[0].lower(), (*groups, *known), 1)
        meant = f", did you mean {near[0]}?" if near else ""
        choices = ", ".join((*groups, *known))
        raise ValueError(f"unknown metric {unknown[0]!r}{meant}; choose from {choices}")
    whole = dict.fromkeys(each for name in names for each in groups.get(name, (name,)))
    of_pairs, of_sets, of_runs = (
        tuple(name for name in whole if name in kind) for kind in (pairs, sets, OF_RUNS)
    )
    return Chosen(of_pairs, of_sets, of_runs, frozenset(names))
