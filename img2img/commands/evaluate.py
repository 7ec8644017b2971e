"""evaluate."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from img2img.commands.asking import Direction, say
from img2img.commands.telling import facts, told
from img2img.config import UsageError

Match = Literal["name", "order"]
Switch = Annotated[bool, Parameter(negative="")]


def evaluate(
    fake: Path,
    real: Path | None = None,
    /,
    *,
    metrics: str | None = None,
    protocol: str = "auto",
    scale: int | None = None,
    range: tuple[float, float] | None = None,
    match: Match = "name",
    unpaired: Switch = False,
    mask: Path | None = None,
    nodata: float | None = None,
    palette: str | None = None,
    classes: int | None = None,
    ignore: int | None = None,
    segmenter: Path | None = None,
    split: str | None = None,
    direction: Direction | None = None,
    train: Path | None = None,
    samples: int | None = None,
    inputs: Path | None = None,
    precision: Literal["float32", "bf16"] = "float32",
    seed: int = 0,
    weights_dir: Path | None = None,
    all_steps: Switch = False,
    save_stats: Path | None = None,
    json: Path | None = None,
    sheet: Path | None = None,
    html: Path | None = None,
) -> int:
    """Compare pictures with those they should be or look like, or score a run on a data set.

    Parameters
    ----------
    fake
        A folder of pictures; a results folder of the reference implementation; or a run.
    real
        The folder of what they should be; or, for a run, a data set; or statistics of real pictures
        that --save-stats or pytorch-fid kept (.npz).
    metrics
        Names by commas, or pairs, sets, all; docs/metrics.md explains each. The first ranks the
        pictures of the sheet and the page. Unless given a suite that suits the pictures, and what
        of it can be measured; accuracy,iou for label maps; under sr-y and sr-rgb psnr,ssim and,
        where its weights are and nothing is hidden, lpips-alex.
    protocol
        Of pictures, rgb: 8-bit RGB, gray repeated; raw: the pictures' own depth and channels; auto:
        rgb for 8-bit gray and RGB, else raw. For super-resolution sr-rgb: as rgb, --scale pixels
        shaved off every side; sr-y: the luma of that (BT.601). Of features, pytorch-fid, clean or
        torch-fidelity. One of each by a comma: rgb,clean.
    scale
        By how much the pictures were enlarged; sr-y and sr-rgb need it.
    range
        The lowest and the highest pixel, such as 0 4095: scaled to 0 and 1, and psnr's peak. That
        which a run was trained on, else all that 8 or 16 bits hold; float pictures need it.
    match
        By relative path without suffix, or by order.
    unpaired
        The pictures are two sets that do not belong together one by one.
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
    segmenter
        An ONNX file that labels the fakes, which are photos then; the real pictures are label maps.
    split
        Which split of the data set a run is scored on, or all: test unless given; without it val,
        or all pictures where val would be a mere share of pictures that it was not trained on.
    direction
        Which way a run is scored; as it was trained unless given.
    train
        A folder of the pictures trained on, for memorisation; a run's own if there are few.
    samples
        How many pictures are drawn from noise; as many as there are real ones unless given.
    inputs
        A folder of what the fakes were made of, named as they are, to be shown on the page.
    precision
        Of the network that features are from; bf16 is faster.
    seed
        Of all that is drawn.
    weights_dir
        Where the weights of networks are looked for first.
    all_steps
        Measure every checkpoint that a run kept (see --report.keep-every), as its validation does,
        on val unless --split says otherwise and on its own data unless others are given, and draw
        the curve to RUN/curve.png or to --sheet.
    save_stats
        Where to write the statistics of the real pictures (.npz), which can take their place.
    json
        Where to write the figures.
    sheet
        Where to draw the worst and the best.
    html
        Where to write the report as a page that opens without a network.
    """
    from img2img.evaluate import evaluate as compare

    common: dict[str, Any] = {"protocol": protocol, "scale": scale, "range": range, "mask": mask}
    common["metrics"] = metrics
    common |= {"nodata": nodata, "palette": palette, "classes": classes, "ignore": ignore}
    common |= {"weights_dir": weights_dir, "segmenter": segmenter, "train": train}
    common |= {"samples": samples, "html": html, "save_stats": save_stats}
    if all_steps:
        common |= {"direction": direction, "inputs": inputs, "unpaired": unpaired or None}
        common |= {"seed": seed or None, "precision": None if precision == "float32" else precision}
        return curve_of(fake, real, common, split, json, sheet)
    common |= {"split": split, "json": json, "sheet": sheet, "seed": seed, "precision": precision}
    common |= {"unpaired": unpaired, "tell": say}
    if (fake / "config.yaml").is_file():
        if real is None:
            raise UsageError(f"{fake} is a run; give a data set to score it on, as builtin:town")
        if inputs is not None:
            raise UsageError("--inputs is for a folder; a run's are known")
        from img2img.scoring import score

        return told(score(fake, real, direction=direction, **common))
    if direction or samples is not None:
        idle = "--direction" if direction else "--samples"
        raise UsageError(f"{idle} is for a run; two folders are compared as they are")
    return told(compare(fake, real, match=match, inputs=inputs, **common))


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
