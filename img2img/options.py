"""Options: nested keys over a configuration, from YAML and the command line."""

import re
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from img2img.config import Config, UsageError

FORMS = {
    "epochs": "200 or 100+100",
    "content.features": "none, or a network and its layer, such as vgg19:relu5_4",
}


def overridden(config: Config, *changes: Mapping[str, Any]) -> Config:
    """The configuration with nested changes, the later ones winning.

    Raises:
        UsageError: a key is unknown or a value out of range; one sentence names them all.
    """
    values = config.model_dump()
    for change in changes:
        values = merged(values, change)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise UsageError(complaint(error)) from error


def merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Nested dictionaries, one over the other."""
    result = dict(values)
    for key, change in changes.items():
        inner = result.get(key)
        nested = isinstance(inner, Mapping) and isinstance(change, Mapping)
        result[key] = merged(inner, change) if nested else change  # type: ignore[arg-type]
    return result


def complaint(error: ValidationError) -> str:
    """What pydantic found, in one sentence."""
    found = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            near = likest(key)
            found.append(f"unknown option {key}" + (f", did you mean {near}?" if near else ""))
        elif item["type"] == "string_pattern_mismatch":
            form = FORMS.get(key, "a number or nan")
            found.append(f"{key}: {item['input']!r} is not understood; give {form}")
        elif item["type"] == "value_error":
            found.append(f"{key}: {item['msg'].partition(', ')[2]}")
        else:
            found.append(f"{key}: {item['msg'][0].lower()}{item['msg'][1:]}, not {item['input']!r}")
    return "; ".join(found)


def likest(key: str) -> str | None:
    """The dotted key that was meant, if one is alike as a whole or in its last part."""
    known = {name.rpartition(".")[2]: name for name in reversed(flat(Config().model_dump()))}
    whole = get_close_matches(key, known.values(), 1)
    last = get_close_matches(key.rpartition(".")[2], known, 1)
    return whole[0] if whole else known[last[0]] if last else None


def read_yaml(path: Path | str) -> dict[str, Any]:
    """A configuration file's keys, nested; dotted ones too, and `data` short for `data.path`.

    Raises:
        UsageError: the file is missing or no YAML mapping.
    """
    path = Path(path)
    if not path.is_file():
        raise UsageError(f"there is no configuration file {path}; give the path of a YAML file")
    try:
        values = yaml.safe_load(path.read_text()) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = re.sub(r"\s+", " ", str(error))
        raise UsageError(f"{path} is no YAML file: {reason}") from error
    if not isinstance(values, dict):
        raise UsageError(f"{path} holds a {type(values).__name__}, not a mapping of options")
    nested: dict[str, Any] = {}
    for key, value in values.items():
        short = key == "data" and isinstance(value, str)
        for part in reversed(("data.path" if short else str(key)).split(".")):
            value = {part: value}
        nested = merged(nested, value)
    return nested


def differences(old: Config, new: Config, *, ignoring: tuple[str, ...]) -> list[str]:
    """Dotted keys whose values differ, as "key: old -> new"."""
    before, after = flat(old.model_dump()), flat(new.model_dump())
    return [
        f"{key}: {before[key]} -> {after[key]}"
        for key in before
        if before[key] != after[key] and not key.startswith(ignoring)
    ]


def flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested keys, dotted."""
    result: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            result |= flat(value, f"{prefix}{key}.")
        else:
            result[f"{prefix}{key}"] = value
    return result
