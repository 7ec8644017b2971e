"""evaluate."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from img2img.commands.asking import Direction, say
from img2img.config import UsageError


def evaluate(
    fake: Path,
    real: Path | None = None,
    /,
    *,
    metrics: str | None = None,
    protocol: str = "auto",
    scale: int | None = None,
    range: tuple[float, float] | None = None,
    match: Literal["name", "order"] = "name",
    mask: Path | None = None,
    nodata: float | None = None,
    palette: str | None = None,
    classes: int | None = None,
    ignore: int | None = None,
    split: str | None = None,
    direction: Direction | None = None,
    weights_dir: Path | None = None,
    all_steps: Annotated[bool, Parameter(negative="")] = False,
    json: Path | None = None,
    sheet: Path | None = None,
) -> int:
    """Compare pictures with those they should be, or score a run on a data set.

    Parameters
    ----------
    fake
        A folder of pictures; a results folder of the reference implementation; or a run.
    real
        The folder of what they should be; or, for a run, a data set.
    metrics
        Of l1, mse, psnr, ssim, accuracy, iou, lpips-alex, lpips-vgg; the first ranks the pictures
        of the sheet. Unless given l1,psnr,ssim, or accuracy,iou for a run that makes labels; under
        sr-y and sr-rgb psnr,ssim and, where its weights are and nothing is hidden, lpips-alex.
    protocol
        rgb: 8-bit RGB, gray repeated; raw: the pictures' own depth and channels; auto: rgb for
        8-bit gray and RGB, else raw. For super-resolution sr-rgb: as rgb, --scale pixels shaved
        off every side; sr-y: the luma of that (BT.601).
    scale
        By how much the pictures were enlarged; sr-y and sr-rgb need it.
    range
        The lowest and the highest pixel, such as 0 4095: scaled to 0 and 1, and psnr's peak. That
        which a run was trained on, else all that 8 or 16 bits hold; float pictures need it.
    match
        By relative path without suffix, or by order.
    mask
        A folder of masks named as the pictures; where one is 0, pixels do not count. A run's data
        set may have masks of its own.
    nodata
        What real pictures hold where there is no data, a number or nan; it does not count. As the
        run knows it unless given; so are the classes and what is to be ignored.
    palette
        A file of lines "r g b name", or builtin:town: adds accuracy and iou of label maps.
    classes
        The same for gray label maps that hold 0, 1, 2, ...: how many classes there are.
    ignore
        A label whose pixels in real pictures do not count for accuracy and iou.
    split
        Which split of the data set a run is scored on: test unless given; without it val. A run
        that enlarges is scored on all pictures where val would be a mere share of pictures that it
        was not trained on.
    direction
        Which way a run is scored; as it was trained unless given.
    weights_dir
        Where the weights of lpips-alex and lpips-vgg are looked for first.
    all_steps
        Measure every checkpoint that a run kept (see --report.keep-every), as its validation does,
        on val unless --split says otherwise and on its own data unless others are given, and draw
        the curve to RUN/curve.png or to --sheet.
    json
        Where to write the figures.
    sheet
        Where to draw the worst and the best.
    """
    from img2img.evaluate import evaluate as compare
    from img2img.naming import printable

    common: dict[str, Any] = {"protocol": protocol, "scale": scale, "range": range, "mask": mask}
    if metrics is not None:
        common["metrics"] = [name.strip() for name in metrics.split(",") if name.strip()]
    common |= {"nodata": nodata, "palette": palette, "classes": classes, "ignore": ignore}
    common |= {"weights_dir": weights_dir}
    if all_steps:
        return curve_of(fake, real, {**common, "direction": direction}, split, json, sheet)
    common |= {"split": split, "json": json, "sheet": sheet}
    if (fake / "config.yaml").is_file():
        if real is None:
            raise UsageError(f"{fake} is a run; give a data set to score it on, as builtin:town")
        from img2img.scoring import score

        report = score(fake, real, direction=direction, **common)
    else:
        if direction:
            raise UsageError("--direction is for a run; two folders are compared as they are")
        report = compare(fake, real, match=match, **common)
    for name, entry in report.metrics.items():
        undefined = entry["protocol"]["undefined"]
        left_out = f"; {undefined} without a figure" if undefined else ""
        say(f"{name:10} {entry['value']:.4f}   {entry['protocol']['definition']}{left_out}")
        for label, value in entry.get("classes", {}).items():
            say(f"  {label:10} {value:.4f}")
    say(f"protocol   {facts(entry['protocol'])}")
    if report.unmatched:
        shown = ", ".join(printable(name) for name in report.unmatched[:10])
        say(f"{len(report.unmatched)} unmatched: {shown}{' ...' * (len(report.unmatched) > 10)}")
        return 3
    return 0


def curve_of(
    run: Path,
    data: Path | None,
    others: dict[str, Any],
    split: str | None,
    json: Path | None,
    sheet: Path | None,
) -> int:
    """Draw a run's curve; `others` are options of evaluate that must not be given beside it."""
    from img2img.curve import curve

    idle = [name for name, value in others.items() if value not in (None, "auto")]
    if idle:
        name = idle[0].replace("_", "-")
        raise UsageError(
            f"--{name} has no effect with --all-steps, which measures as the run's validation does;"
            " leave it out"
        )
    made = curve(run, data, split=split, json=json, sheet=sheet, tell=say)
    where = f"{sheet or run / 'curve.png'}"
    say(f"best {made.metric} after step {made.best}; {len(made.points)} steps drawn in {where}")
    say(f"protocol   {facts(made.facts)}")
    return 3 if made.damaged else 0


def facts(protocol: dict[str, Any]) -> str:
    """A protocol in a line, but for what stands beside each metric."""
    beside = ("definition", "undefined")
    told = {k: v for k, v in protocol.items() if v is not None and k not in beside}
    return ", ".join(
        f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}"
        for key, value in told.items()
    )
