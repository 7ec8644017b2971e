"""The configuration of a run: presets, starting weights and options, one over the other."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from img2img.config import BUILTIN, PHOTOS, Config
from img2img.images import Encoding, Labels
from img2img.modes import find_mode
from img2img.options import overridden
from img2img.presets import SMALL
from img2img.run.sources import Source


def configured(
    mode: str, options: Mapping[str, Any], architecture: Mapping[str, Any] | None = None
) -> Config:
    """The mode's preset, the built-in data's small one, a start's networks, and the options.

    Raises:
        UsageError: the mode or an option is unknown, or a value out of range.
    """
    preset = find_mode(mode).preset
    changes = dict(options)
    if "epochs" in changes:
        changes.setdefault("steps", None)
    if isinstance(changes.get("data"), str | Path):
        changes["data"] = {"path": str(changes["data"])}
    growing = changes.get("growth", {})
    if "batch_size" in changes and "batches" not in growing:  # then at every resolution
        changes["growth"] = {**growing, "batches": ()}
    data = changes.get("data", {})
    path = data.get("path", BUILTIN) if isinstance(data, Mapping) else BUILTIN
    small = SMALL.get(mode, {}) if path in (BUILTIN, PHOTOS) else {}
    config = overridden(preset, small, architecture or {}, {**changes, "mode": mode})
    return config.completed()


def adapted(config: Config, source: Source) -> tuple[Config, list[str]]:
    """The configuration with what the pictures decide, and what is to be said of it."""
    x, y = source.encodings
    changes: dict[str, Any] = {"data": {"input": described(x), "output": described(y)}}
    notes = []
    alike = (x.kind, x.planes) == (y.kind, y.planes)
    if config.mode == "cyclegan" and not alike and config.weights.identity:
        changes["weights"] = {"identity": 0.0}
        notes.append(
            f"the identity loss is off: x is {x.kind} in {x.planes} planes, y {y.kind} in"
            f" {y.planes}"
        )
    if config.weights.balanced and not config.weights.classes and source.class_shares:
        weights = balanced(source.class_shares)
        changes["weights"] = {**changes.get("weights", {}), "classes": weights}
        notes.append("weights of the classes: " + " ".join(f"{weight:.3g}" for weight in weights))
    return overridden(config, changes), notes


def described(encoding: Encoding) -> dict[str, Any]:
    """What was found in the pictures, as options."""
    if isinstance(encoding, Labels):
        return {}
    return {"channels": encoding.channels, "low": encoding.low, "high": encoding.high}


def balanced(shares: Sequence[float]) -> tuple[float, ...]:
    """1 / sqrt(share) of each class, scaled so that a pixel's mean weight is 1.

    The root lies between ignoring rare classes and drowning in them; absent ones weigh 0.
    """
    weights = [share and share**-0.5 for share in shares]
    mean = sum(weight * share for weight, share in zip(weights, shares, strict=True))
    return tuple(float(f"{weight / mean:.6g}") for weight in weights)
