"""check: a data set looked through, before time is spent on it."""

from collections.abc import Callable
from os import sep
from pathlib import Path
from typing import Any

from img2img import images
from img2img.check.census import Track, census
from img2img.check.facts import facts
from img2img.check.findings import LEVELS, SIDES, Finding, Findings
from img2img.check.reading import Reading
from img2img.check.register import register
from img2img.check.sheet import drawn
from img2img.check.soundness import unsound
from img2img.check.twins import twins
from img2img.check.use import role, used
from img2img.data.faults import counted
from img2img.modes import find_mode
from img2img.options import merged
from img2img.run.configuring import configured
from img2img.run.sources import open_layout, recipe_of


def check(
    data: Path | str,
    /,
    mode: str = "cyclegan",
    *,
    sheet: Path | str | None = None,
    tell: Callable[[str], None] = print,
    track: Track = iter,
    **options: Any,
) -> Findings:
    """Look through a data set, or builtin:town, as `mode` would train on it.

    `tell` hears what there is, how it is read and what was found, line by line; `track` follows the
    pictures; `sheet` is drawn if anything can be read. `options` are those of `train`.

    Raises:
        ValueError: an option is at fault, or nothing is understood of the folder.
    """
    config = configured(mode, merged(options, {"data": {"path": str(data)}}))
    paired, scale = find_mode(config.mode).paired, config.data.scale
    torn: list[Finding] = []
    layout = open_layout(
        config, paired, lambda fault: torn.append(Finding("fault", brief(fault, config.data.path)))
    )
    tell(f"{config.mode} on {layout.kind}")
    sides = {side: role(config, side) for side in SIDES}
    readings = {side: Reading.of(getattr(config.data, name), name) for side, name in sides.items()}
    seen = census(layout, readings, paired, track)
    uses = used(seen, layout, config)
    told = [*facts(seen, layout), *(fact for use in uses.values() for fact in use.facts)]
    found = [finding for use in uses.values() for finding in use.findings]
    found += [*torn, *unsound(seen, layout, recipe_of(config), paired, scale), *register(seen)]
    found += twins(seen)
    found.sort(key=lambda finding: LEVELS.index(finding.level))
    for line in (*told, *found):
        tell(str(line))
    findings = Findings(layout.kind, told, found)
    if sheet is not None and uses:
        encodings = {side: use.encoding for side, use in uses.items()}
        images.write(Path(sheet), drawn(found, seen, layout, encodings, paired=bool(paired)))
        tell(f"sheet: {sheet}")
    faults = findings.faults
    tell(f"{counted(faults, 'fault')} to mend" if faults else "nothing to mend")
    return findings


def brief(fault: str, root: str) -> str:
    """A fault in one line, its files by their paths below `root`."""
    line = fault.replace(":\n  ", ": ", 1).replace("\n  ", "; ")
    return line.replace(f"{Path(root)}{sep}", "")
