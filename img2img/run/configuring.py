"""The configuration of a run: preset, town, starting weights and options, one over the other."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from img2img.config import BUILTIN, Config
from img2img.modes import find_mode
from img2img.options import overridden
from img2img.presets import TOWN
from img2img.run.sources import Source


def configured(
    mode: str, options: Mapping[str, Any], architecture: Mapping[str, Any] | None = None
) -> Config:
    """The mode's preset, the town's where no data are given, a start's networks, and the options.

    Raises:
        UsageError: the mode or an option is unknown, or a value out of range.
    """
    preset = find_mode(mode).preset
    changes = dict(options)
    if "epochs" in changes:
        changes.setdefault("steps", None)
    data = changes.get("data", {})
    if isinstance(data, str | Path):
        data = changes["data"] = {"path": str(data)}
    given = isinstance(data, Mapping) and data.get("path", BUILTIN) != BUILTIN
    town = {} if given else TOWN.get(mode, {})
    config = overridden(preset, town, architecture or {}, {**changes, "mode": mode})
    return config.completed()


def adapted(config: Config, source: Source) -> tuple[Config, list[str]]:
    """The configuration with what the pictures decide, and what is to be said of it."""
    x, y = source.encodings
    channels = {"input_channels": x.channels, "output_channels": y.channels}
    changes: dict[str, Any] = {"data": channels}
    notes = []
    if config.mode == "cyclegan" and x.channels != y.channels and config.weights.identity:
        changes["weights"] = {"identity": 0.0}
        notes.append(
            f"the identity loss is off: x has {x.channels} channels and y has {y.channels}"
        )
    return overridden(config, changes), notes
