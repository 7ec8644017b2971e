"""judge: couples measured one by one, and the report of it."""

from collections.abc import Mapping, Sequence
from functools import reduce
from json import dumps
from math import inf, isnan, nan
from operator import add
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from img2img.base.metrics.comparison import Comparison
from img2img.base.metrics.extent import Extent, doubt
from img2img.base.metrics.identity import Identity, told
from img2img.base.metrics.interval import TOLD
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.protocol import Protocol
from img2img.base.metrics.span import Mask, check_shapes
from img2img.base.metrics.table import SHARES
from img2img.couples import Couple
from img2img.images import Picture, UnreadableError

STRANGE = 0.2  # of pixels may be like no class without a word
INFINITE = "\0infinite"  # stands for what JSON cannot say; no file name holds a NUL


class Report(NamedTuple):
    """What was measured."""

    metrics: dict[str, dict[str, Any]]
    """name -> value, protocol, the bootstrap interval of the value where there are pictures enough,
    and for the means over classes the classes' own (nan: in no picture)."""
    rows: list[dict[str, Any]]
    """The name of each couple and its own metrics (nan: no pixel counts)."""
    unmatched: list[str]
    """Files without a partner, which were left out."""
    skipped: Mapping[str, str] = MappingProxyType({})
    """Why a metric that was not asked for has no figure."""
    doubts: Sequence[str] = ()
    """What may be wrong with what was asked."""

    @property
    def warnings(self) -> list[str]:
        """All that must be said of the figures."""
        said = [entry["warning"] for entry in self.metrics.values() if "warning" in entry]
        return [*self.doubts, *said]

    def json(self) -> str:
        """The report as strict JSON: what is infinite reads 1e999, what is undefined null."""
        return strict_json(
            {
                "metrics": self.metrics,
                "files": self.rows,
                "unmatched": self.unmatched,
                "skipped": dict(self.skipped),
                "warnings": self.warnings,
            }
        )


class Compared(NamedTuple):
    """A couple's pictures, as they are compared."""

    fake: Picture
    real: Picture
    mask: Mask | None
    """(H, W), true where pixels count; None: everywhere."""

    @property
    def counted(self) -> tuple[int, int]:
        """How many pixels count, and of how many."""
        height, width = self.real.shape[:2]
        seen = height * width if self.mask is None else int(self.mask.sum())
        return seen, height * width

    def shaved(self, border: int) -> "Compared":
        """Without so many pixels on every side.

        Raises:
            ValueError: no pixel is left.
        """
        height, width = self.real.shape[:2]
        if min(height, width) <= 2 * border:
            raise ValueError(
                f"a border of {border} pixels leaves nothing of {width} x {height}; leave the"
                " picture out"
            )
        inner = np.s_[border : height - border, border : width - border]
        mask = None if self.mask is None else self.mask[inner]
        return Compared(self.fake[inner], self.real[inner], mask)


def compared(pair: Couple, protocol: Protocol) -> Compared:
    """Both pictures in the protocol's channels, and where neither mask nor nodata hides them.

    Raises:
        ValueError: they cannot be compared.
    """
    try:
        fake, raw = protocol.pixels(pair.fake(), "fake"), pair.real()
        real = protocol.pixels(raw, "real")
        check_shapes(fake, real)
        mask = pair.mask()
        check_shapes(fake, real, mask)
        masks = [each for each in (mask, protocol.holds(raw)) if each is not None]
    except UnreadableError:
        raise  # names its file already
    except ValueError as error:
        raise ValueError(f"{pair.name}: {error}") from error
    return Compared(fake, real, np.logical_and.reduce(masks) if masks else None)


def judge(pairs: Sequence[Couple], comparison: Comparison, facts: Mapping[str, Any]) -> Report:
    """Measure couples wherever they come from; `facts` stand beside each value in its protocol.

    Raises:
        ValueError: pictures that cannot be compared, by the couple's name; or no pixel counts.
    """
    metrics = comparison.metrics
    states: dict[str, list[Any]] = {name: [] for name in metrics}
    counted, identity, extent = np.zeros(2, np.int64), Identity(), Extent()
    stray, classes = Mean(), comparison.classes
    for pair in pairs:
        whole = compared(pair, comparison.protocol)
        identity += Identity.of([told(whole.real, whole.mask)])
        if classes and classes.stray:
            stray += Mean.of([classes.stray(whole.real)])
        extent += Extent.of(comparison.protocol.span.unit(whole.real), whole.mask)
        try:
            pictures = whole.shaved(comparison.protocol.border)
            for name, metric in metrics.items():
                states[name].append(metric.state(*pictures))
        except ValueError as error:
            raise ValueError(f"{pair.name}: {error}") from error
        counted += pictures.counted
    if not counted[0]:
        raise ValueError(f"no pixel of {len(pairs)} pictures counts; check the masks and --nodata")
    rows = [
        {"name": pair.name} | {name: metrics[name].finish(states[name][i]) for name in metrics}
        for i, pair in enumerate(pairs)
    ]
    facts = {**comparison.protocol.facts(), **facts, "files": len(pairs)}
    facts |= {"counted": float(counted[0] / counted[1]), "resolutions": identity.resolutions}
    facts["reals_sha256"] = identity.sha256
    said = strangers(stray.value) if classes else doubt(extent, comparison.protocol.dtype)
    entries = _entries(comparison, states, rows, facts)
    return Report(entries, rows, [], doubts=[said] if said else [])


def strangers(share: float) -> str | None:
    """What must be said of label maps so many of whose pixels are like no class; nan: unknown."""
    if not share > STRANGE:
        return None
    return (
        f"{share:.0%} of the real pictures' pixels are far from every colour of the palette; it may"
        " be another set's"
    )


def _entries(
    comparison: Comparison,
    states: Mapping[str, Sequence[Any]],
    rows: Sequence[Mapping[str, Any]],
    facts: Mapping[str, Any],
) -> dict[str, dict[str, Any]]:
    """Each metric's value beside its interval and its protocol."""
    entries: dict[str, dict[str, Any]] = {}
    for name, metric in comparison.metrics.items():
        total = reduce(add, states[name])
        beside = {
            "undefined": sum(isnan(row[name]) for row in rows),
            "definition": metric.definition,
        }
        entries[name] = {"value": metric.finish(total), "protocol": {**facts, **beside}}
        low, high = metric.interval(states[name]) if metric.interval else (nan, nan)
        if not isnan(low):
            entries[name]["interval"] = [low, high]
            entries[name]["protocol"]["interval"] = TOLD
        if comparison.classes and name in SHARES:
            entries[name]["protocol"]["ignore"] = comparison.classes.ignore
        if comparison.classes and metric.classes:
            shares = metric.classes(total).tolist()
            entries[name]["classes"] = dict(zip(comparison.classes.names, shares, strict=True))
    return entries


def strict_json(document: Any) -> str:
    """As JSON that every reader knows: what is infinite reads 1e999, what is undefined null."""
    text = dumps(_strict(document), indent=2, allow_nan=False)
    return text.replace(dumps(INFINITE), "1e999") + "\n"


def _strict(value: Any) -> Any:
    """The same document without numbers that JSON does not know."""
    if isinstance(value, dict):
        return {key: _strict(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_strict(item) for item in value]
    if isinstance(value, float) and isnan(value):
        return None
    return INFINITE if value == inf else value
