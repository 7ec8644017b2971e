"""evaluate: how far pictures are from those they should be."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from img2img import files, images
from img2img.base.metrics.comparison import OF_LEVELS, Comparison, Question
from img2img.base.metrics.protocol import SHAVED
from img2img.couples import Couple, Match, couples, masked, nothing
from img2img.extremes import extremes
from img2img.judging import Report, judge
from img2img.learned import beside, learned


def evaluate(
    fake: str | Path,
    real: str | Path | None = None,
    *,
    metrics: Sequence[str] | None = None,
    protocol: str = "auto",
    scale: int | None = None,
    range: tuple[float, float] | None = None,
    match: Match = "name",
    mask: str | Path | None = None,
    nodata: float | None = None,
    palette: str | Path | None = None,
    classes: int | None = None,
    ignore: int | None = None,
    split: str | None = None,
    weights_dir: str | Path | None = None,
    json: str | Path | None = None,
    sheet: str | Path | None = None,
) -> Report:
    """Compare a folder of pictures with the folder of those they should be.

    Args:
        fake: the pictures to judge, or a results folder of the reference implementation.
        real: what they should be, matched as `couples` says.
        metrics: their names; the first ranks the pictures of the sheet. Unless given l1, psnr and
            ssim; under sr-y and sr-rgb psnr, ssim and, where its weights are and nothing can be
            hidden, lpips-alex.
        protocol: `rgb`: 8-bit RGB, gray repeated; `raw`: the pictures' own depth and channels;
            `auto`: rgb for 8-bit gray and RGB, else raw. All are to the border. `sr-rgb`: as rgb,
            but `scale` pixels are shaved off every side; `sr-y`: the luma of that (BT.601).
        scale: by how much the pictures were enlarged, for sr-y and sr-rgb alone, which need it.
        range: the pixels that are scaled to 0 and 1, and PSNR's peak; all that integers can hold
            unless given. Floats need one.
        match: by `name` or by `order`.
        mask: a folder of masks, named as the pictures; only where they are not 0 do pixels count.
        nodata: what the real pictures hold where there is no data, which does not count: floats in
            any channel, integers in all.
        palette: a file of class colours, or `builtin:town`, for accuracy and iou; adds both if
            neither is among `metrics`.
        classes: their number, instead of a palette, for gray label maps that hold 0, 1, 2, ...
        ignore: the label whose pixels in the real picture do not count for accuracy and iou.
        split: where the pictures come from, for the record.
        weights_dir: where the weights of lpips-alex and lpips-vgg are looked for first.
        json: where to write the report.
        sheet: where to draw the four worst and the four best.

    Raises:
        ValueError: one sentence on the folder, file, size, kind or name that is wrong.
    """
    if metrics is None and protocol not in SHAVED:
        metrics = OF_LEVELS
    folder = None if weights_dir is None else Path(weights_dir)
    question = Question(metrics, protocol, range, nodata, palette, classes, ignore, scale=scale)
    pairs, unmatched = couples(Path(fake), None if real is None else Path(real), match)
    if mask is not None:
        pairs, without = masked(pairs, Path(mask))
        unmatched += without
    question = question._replace(others=learned(folder), beside=unasked(pairs, nodata, folder))
    comparison = question.about(pairs[0].real())
    facts = {"match": match, "split": split, "unmatched": len(unmatched)}
    facts["mask"] = None if mask is None else str(mask)
    report = judge(pairs, comparison, facts)._replace(unmatched=unmatched)
    keep(report, pairs, comparison, json=json, sheet=sheet)
    return report


def unasked(
    pairs: Sequence[Couple], nodata: float | None, folder: Path | None
) -> Callable[[], Sequence[str]]:
    """What is measured `beside` others: nothing where pixels may be hidden.

    Features of whole pictures would have seen them.
    """
    hides = nodata is not None or any(pair.mask is not nothing for pair in pairs)
    return tuple if hides else partial(beside, folder)


def keep(
    report: Report,
    pairs: Sequence[Couple],
    comparison: Comparison,
    *,
    json: str | Path | None,
    sheet: str | Path | None,
) -> None:
    """Write what is asked for."""
    if json is not None:
        files.write(Path(json), report.json().encode())
    if sheet is not None:
        images.write(Path(sheet), extremes(pairs, report, comparison))
