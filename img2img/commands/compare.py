"""compare."""

from pathlib import Path

from img2img.commands.asking import say


def compare(
    first: Path, second: Path, /, *, metrics: str | None = None, json: Path | None = None
) -> int:
    """Compare two reports of evaluate; refused where their protocols differ.

    Parameters
    ----------
    first
        A file that `img2img evaluate --json` wrote.
    second
        Another.
    metrics
        Which; all that both have unless given.
    json
        Where to write the comparison.
    """
    from img2img import files
    from img2img.compare import compare as compared

    found = compared(first, second, metrics=metrics)
    say(f"{'':20} {'first':>12} {'second':>12}   difference")
    for pair in found.pairs:
        one, two = pair.values
        say(f"{pair.name:20} {one:12.5g} {two:12.5g}   {pair.difference:+.5g}")
    for path, lonely in zip((first, second), found.only, strict=True):
        if lonely:
            say(f"only in {path}: {', '.join(lonely)}")
    if found.versions:
        say(f"note: made by the versions {' and '.join(found.versions)}")
    if json is not None:
        files.write(json, found.json().encode())
    return 0
