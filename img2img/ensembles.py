"""Ensembles: the figures of one set of pictures against another, each with its protocol."""

from collections.abc import Callable, Mapping, Sequence, Set
from math import isnan
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from img2img.base.metrics.attempt import Attempt, attempted
from img2img.base.metrics.collection import Collection
from img2img.base.metrics.set_table import SETS
from img2img.base.metrics.sets import SetMetric, Sets
from img2img.disclosure import protocol, warning
from img2img.gathering import Look, Watch, derived, gather, watches
from img2img.known import known
from img2img.material import Ensembles, Made

EVERY = 500  # pictures between two words of progress

UNDEFINED = "it has no figure of these pictures, which are too small, too few or all alike"


class Compared(NamedTuple):
    """What was found of two sets."""

    entries: dict[str, dict[str, Any]]
    """name -> value, beside, protocol, and a warning where there is one."""
    skipped: dict[str, str]
    """Why a metric that was not asked for has no figure."""
    sets: Sets | None
    looked: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
    """How they were looked at, by what was kept."""


def compare(
    names: Sequence[str],
    given: Ensembles,
    look: Look,
    facts: Mapping[str, Any],
    *,
    table: Mapping[str, SetMetric] = SETS,
    asked: Set[str] | None = None,
    tell: Callable[[str], None] = lambda line: None,
) -> Compared:
    """Measure two sets by the metrics of these names; `facts` stand in every protocol.

    Raises:
        ValueError: a metric that was `asked` for, as all are unless given, cannot be measured; a
            file is damaged; a set is empty.
    """
    asked = frozenset(names) if asked is None else asked
    check_some(given)
    watched, lacking = _watched(names, given, look, table, asked)
    names = [name for name in names if name not in lacking]
    if not names:
        return Compared({}, lacking, None)
    sets, refused = _gathered(given, watched, look.seed, tell)
    entries: dict[str, dict[str, Any]] = {}
    for name in names:
        metric = table[name]
        try:
            value, beside = _figure(metric, sets, refused)
        except ValueError as error:
            if name in asked:
                raise ValueError(f"{name}: {error}") from error
            lacking[name] = str(error)
            continue
        if isnan(value) and name not in asked:
            lacking[name] = UNDEFINED
            continue
        told = protocol(metric, watched, sets, facts, look)
        entries[name] = {"value": value, **({"beside": beside} if beside else {}), "protocol": told}
        if said := warning(name, told, sets):
            entries[name]["warning"] = said
    return Compared(entries, lacking, sets, {name: it.facts for name, it in watched.items()})


def check_some(given: Ensembles) -> None:
    """Raises ValueError where a set is empty."""
    for side, pictures in (("fake", given.fakes), ("real", given.reals)):
        if not isinstance(pictures, Path) and not pictures:
            raise ValueError(f"there are no {side} pictures to compare; give some")


def _watched(
    names: Sequence[str], given: Ensembles, look: Look, table: Mapping[str, SetMetric],
    asked: Set[str],
) -> tuple[dict[str, Watch], dict[str, str]]:  # fmt: skip
    """The observers that are needed, and the metrics whose observers cannot be had."""
    first = given.fakes[0]()
    found: dict[str, Watch] = {}
    reasons: dict[str, str] = {}
    for need in dict.fromkeys(need for name in names for need in table[name].needs):
        needing = [name for name in names if name in asked and need in table[name].needs]
        try:
            made = watches([need], look)
            for name, watch in made.items():  # one that cannot look is told before all are read
                if name not in derived(found | made):
                    watch.observer.observe([watch.observer.prepare(first)], 0)
        except ValueError as error:
            if needing:
                raise ValueError(f"{needing[0]}: {error}") from error
            reasons[need] = str(error)
            continue
        if not needing:  # one that refuses a later picture must not end all
            made[need] = made[need]._replace(observer=attempted(made[need].observer))
        found |= made
    return found, _lacking(names, table, reasons)


def _lacking(
    names: Sequence[str], table: Mapping[str, SetMetric], reasons: Mapping[str, str]
) -> dict[str, str]:
    """Why metrics cannot be measured, by the first of their needs that is not met."""
    unmet = {name: [it for it in table[name].needs if it in reasons] for name in names}
    return {name: reasons[needs[0]] for name, needs in unmet.items() if needs}


def _gathered(
    given: Ensembles, watched: Mapping[str, Watch], seed: int, tell: Callable[[str], None]
) -> tuple[Sets, dict[str, str]]:
    """What is kept of all sets, and why some of it is not."""
    tell(f"looking at {len(given.fakes)} fakes and {_counted(given.reals)}")
    fake = gather(given.fakes, watched, progress(len(given.fakes), tell))
    real = _real(given.reals, watched, tell)
    train = Collection()
    if given.train is not None and "features" in watched:
        tell(f"looking at {len(given.train)} training pictures")
        looked = {name: watched[name] for name in ("identity", "features")}
        train = gather(given.train, looked, progress(len(given.train), tell))
    (fake, *refused), (real, *more), (train, *most) = (settled(it) for it in (fake, real, train))
    fake, real = (with_derived(it, watched) for it in (fake, real))
    whole = Sets(fake, real, train if train.count else None, seed)
    return whole, {k: v for each in (*most, *more, *refused) for k, v in each.items()}


def settled(kept: Collection) -> tuple[Collection, dict[str, str]]:
    """The collection without what was attempted in vain, and the reasons of that."""
    attempts = {name: it for name, it in kept.states.items() if isinstance(it, Attempt)}
    refused = {name: it.refusal for name, it in attempts.items() if it.refusal is not None}
    made = {name: it.state for name, it in attempts.items()}
    states = {name: made.get(name, it) for name, it in kept.states.items() if name not in refused}
    return Collection(kept.count, states), refused


def with_derived(kept: Collection, watched: Mapping[str, Watch]) -> Collection:
    """The collection with what its features tell."""
    features = kept.states.get("features")
    more = {} if features is None else {n: it(features) for n, it in derived(watched).items()}
    return Collection(kept.count, {**kept.states, **more})


def _real(
    reals: Sequence[Made] | Path, watched: Mapping[str, Watch], tell: Callable[[str], None]
) -> Collection:
    if isinstance(reals, Path):
        return known(reals, watched)
    return gather(reals, watched, progress(len(reals), tell))


def progress(total: int, tell: Callable[[str], None]) -> Callable[[int], None]:
    """Tells of every 500 pictures, since many take hours."""
    told = [0]

    def done(count: int) -> None:
        if count // EVERY > told[0]:
            told[0] = count // EVERY
            tell(f"{count} of {total}")

    return done


def _counted(reals: Sequence[Made] | Path) -> str:
    return f"the statistics {reals}" if isinstance(reals, Path) else f"{len(reals)} reals"


def _figure(
    metric: SetMetric, sets: Sets, refused: Mapping[str, str]
) -> tuple[float, dict[str, Any]]:
    """A figure, and what stands beside it.

    Raises:
        ValueError: it has none of these sets.
    """
    if missing := [need for need in metric.needs if need in refused]:
        raise ValueError(refused[missing[0]])
    found = metric.finish(sets)
    if not hasattr(found, "_asdict"):
        return float(found), {}
    (_, value), *rest = found._asdict().items()
    beside = {name: float(it) for name, it in rest if isinstance(it, int | float)}
    return float(value), {name: it for name, it in beside.items() if not isnan(it)}
