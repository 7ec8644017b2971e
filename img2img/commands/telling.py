"""Telling: a report of evaluate in lines of text."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from img2img.commands.asking import say

if TYPE_CHECKING:
    from img2img.judging import Report

BESIDE = {"definition", "undefined", "interval"}  # what stands beside each metric


def told(report: "Report") -> int:
    """Print a report: the figures, the protocols that stand behind them, and what is left out."""
    from img2img.naming import printable

    for name, entry in report.metrics.items():
        say(line(name, entry))
        for label, value in entry.get("classes", {}).items():
            say(f"  {label:18} {value:.4f}")
    for told_line in protocols(report.metrics):
        say(told_line)
    reasons: dict[str, list[str]] = {}
    for name, reason in report.skipped.items():
        reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        say(f"left out   {', '.join(names)}: {reason}")
    for warning in report.warnings:
        say(f"warning: {warning}")
    if report.unmatched:
        shown = ", ".join(printable(name) for name in report.unmatched[:10])
        say(f"{len(report.unmatched)} unmatched: {shown}{' ...' * (len(report.unmatched) > 10)}")
        return 3
    return 0


def line(name: str, entry: dict[str, Any]) -> str:
    """A figure, its interval or what stands beside it, and what it is."""
    undefined = entry["protocol"].get("undefined")
    left_out = f"; {undefined} without a figure" if undefined else ""
    beside = ", ".join(f"{key} {value:.4g}" for key, value in entry.get("beside", {}).items())
    if "interval" in entry:
        low, high = entry["interval"]
        beside = f"{written(low)} to {written(high)}"
    known = f"{name:20} {written(entry['value']):>9}  {f'({beside})' if beside else '':24}"
    return f"{known}  {entry['protocol']['definition']}{left_out}"


def written(value: float) -> str:
    """To four places, or to four digits where those would show nothing."""
    return f"{value:.4f}" if abs(value) >= 0.01 or not value else f"{value:.4g}"


def protocols(metrics: dict[str, dict[str, Any]]) -> Iterator[str]:
    """What all figures have in common, and in which facts some differ, a line each."""
    facts = {name: known(entry["protocol"]) for name, entry in metrics.items()}
    common = dict.fromkeys(
        key
        for key, value in next(iter(facts.values())).items()
        if all(key in each and each[key] == value for each in facts.values())
    )
    yield f"protocol   {told_as(next(iter(facts.values())), common)}"
    groups: dict[str, list[str]] = {}
    for name, each in facts.items():
        groups.setdefault(told_as(each, each.keys() - common.keys()), []).append(name)
    if len(groups) > 1:
        yield from (f"  {', '.join(names)}: {facts}" for facts, names in groups.items())


def known(protocol: dict[str, Any]) -> dict[str, Any]:
    """A protocol's facts, but for what stands beside each metric."""
    return {k: v for k, v in protocol.items() if v is not None and k not in BESIDE}


def told_as(facts: dict[str, Any], keys: Collection[str]) -> str:
    """Those of some keys, in a line."""
    return ", ".join(f"{key} {spelt(value)}" for key, value in facts.items() if key in keys)


def facts(protocol: dict[str, Any]) -> str:
    """A protocol in a line."""
    found = known(protocol)
    return told_as(found, found.keys())


def spelt(value: Any) -> str:
    """A fact in few words."""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return " and ".join(f"{key} {spelt(it)}" for key, it in value.items())
    if isinstance(value, str) and len(value) == 64 and " " not in value:  # a SHA-256
        return f"{value[:12]}..."
    return str(value)
