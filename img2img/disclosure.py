"""Disclosure: all that a figure of sets depends on, and what must be said of it."""

from collections.abc import Mapping
from typing import Any

from img2img.base.metrics.sets import SetMetric, Sets
from img2img.gathering import Look, Watch, spread
from img2img.material import VERSION

CLASSED = ("is", "m-is", "mode-score", "am-score")
COARSE = 50  # pictures whose neighbours tell little
DIMENSIONS = 2048  # of the features of FID: with fewer pictures its bias outweighs most differences


def protocol(
    metric: SetMetric,
    watched: Mapping[str, Watch],
    sets: Sets,
    facts: Mapping[str, Any],
    look: Look,
) -> dict[str, Any]:
    """The protocol of a figure: all that must be equal for two of them to be compared."""
    told: dict[str, Any] = {"name": "pictures", "range": spread(look.span)}
    for need in metric.needs:
        told |= watched[need].facts
    told |= {"fakes": sets.fake.count, "reals": sets.real.count or None}
    fake, real = (kept.states["identity"] for kept in (sets.fake, sets.real))
    told["resolutions"] = {"fakes": fake.resolutions, "reals": real.resolutions}
    told["reals_sha256"] = real.sha256
    if metric.trained and sets.train is not None:
        trained = sets.train.states["identity"]
        told |= {"trained": sets.train.count, "trained_sha256": trained.sha256}
    told |= {**facts, "seed": look.seed if metric.seeded else None, "version": VERSION}
    return told | {"definition": metric.definition}


def warning(name: str, told: Mapping[str, Any], sets: Sets) -> str | None:
    """What few pictures do to figures, and another classifier to what is known by the Inception."""
    if name in CLASSED and not str(told["classifier"]).startswith("inception"):
        return (
            f"{name} by {told['classifier']} cannot be compared with published ones, which are by"
            " the Inception, whose official file has its classifier: remove the one that is there,"
            " and run `img2img weights get inception-fid`"
        )
    few = min(sets.fake.count or DIMENSIONS, sets.real.count or DIMENSIONS)
    if name == "precision" and few < COARSE:
        return (
            f"precision, recall, density and coverage of {few} pictures are coarse; give"
            f" {COARSE} or more"
        )
    if name != "fid" or few >= DIMENSIONS:
        return None
    return (
        f"fid of {few} pictures, fewer than the {DIMENSIONS} dimensions of its features, is biased"
        " upwards: compare it with figures of as many pictures alone, and look at kid, which is not"
    )
