"""The commands: each takes its options from the command line and calls one verb."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from cyclopts import Parameter

from img2img.config import Config, UsageError
from img2img.options import merged, read_yaml

Direction = Literal["AtoB", "BtoA"]
T = TypeVar("T")
NOTHING = Config()  # no option given


def say(line: str) -> None:
    """A line to the terminal."""
    print(line, flush=True)


def train(
    *,
    name: str | None = None,
    resume: Literal["auto", "never", "must"] = "auto",
    start_from: Annotated[tuple[Path, ...], Parameter(name="--from", negative="")] = (),
    config: Annotated[Path | None, Parameter(name="--config")] = None,
    data: Annotated[str | None, Parameter(name="--data")] = None,
    size: Annotated[int | None, Parameter(name="--size")] = None,
    direction: Annotated[Direction | None, Parameter(name="--direction")] = None,
    root: Annotated[Path, Parameter(name="--checkpoints")] = Path("checkpoints"),
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    options: Annotated[Config, Parameter(name="*", show_default=False)] = NOTHING,
) -> int:
    """Train a network; with no data given, on the built-in town.

    Parameters
    ----------
    name
        The run's folder below checkpoints/; the mode unless given.
    resume
        auto: go on with a run of this name; never, must: insist.
    start_from
        A run or weights files to start from; networks of the same name are taken over.
    config
        A YAML file of options; those on the command line win, and what neither gives comes from
        the mode's preset. A run's own config.yaml lists them all.
    data
        Folder of pictures, short for --data.path.
    size
        Side of the squares trained on, in pixels, short for --data.size.
    direction
        AtoB or BtoA, short for --data.direction.
    root
        Where runs are kept.
    dry_run
        Play a few steps, print what the run will take in memory and time, and write nothing.
    """
    from img2img.train import train as verb

    mode, given = asked(config, options, path=data, size=size, direction=direction)
    verb(
        mode, name=name, root=root, resume=resume, weights_from=start_from, dry_run=dry_run, **given
    )
    return 0


def asked(file: Path | None, options: Config, **short: Any) -> tuple[str, dict[str, Any]]:
    """The mode, and what is asked for by a file, options over it, and over both those of data."""
    given: dict[str, Any] = read_yaml(file) if file else {}
    chosen = options.model_dump(exclude_unset=True)
    if "epochs" in chosen:
        chosen.setdefault("steps", None)  # the file's
    given = merged(given, chosen)
    short = {key: value for key, value in short.items() if value is not None}
    given = merged(given, {"data": short} if short else {})
    return str(given.pop("mode", "cyclegan")), given


def translate(
    model: Path,
    source: Path,
    out: Path,
    /,
    *,
    direction: Direction | None = None,
    scale: str | None = None,
    samples: int = 1,
    noise: Literal["file", "shared"] = "file",
    format: str | None = None,
    icc: Literal["srgb", "keep"] = "srgb",
    overwrite: bool = False,
    batch_norm: Literal["image", "running"] | None = None,
    dropout: Literal["off", "on"] = "off",
    device: str = "auto",
) -> int:
    """Translate a picture, or every picture of a folder.

    Parameters
    ----------
    model
        A run, or a generator's .safetensors file.
    source
        A picture or a folder.
    out
        A folder, which mirrors the input's tree and gets a report.json; or one picture's name.
    direction
        Which of a CycleGAN's generators.
    scale
        train: resized to the size trained at, and back; native: as it is; or a factor.
    samples
        Outputs for each input, by dropout of other seeds.
    noise
        Each file's own, or shared by all: the frames of a film do not flicker.
    format
        png, jpg, webp, tiff or npy; png where it holds the outputs, else tiff, unless given.
    icc
        Colours become sRGB, or keep their profile, which goes on into the outputs.
    overwrite
        Replace outputs that stand already, instead of keeping them.
    batch_norm
        Statistics of each picture (the papers' way, the default) or those kept in training.
    dropout
        The papers leave it on at translation; its noise is seeded per file.
    device
        auto, cpu, cuda, cuda:N or mps.
    """
    from img2img.translate import translate as verb

    rows = verb(
        model, source, out, direction=direction, scale=as_scale(scale), samples=samples,
        noise=noise, format=format, icc=icc, overwrite=overwrite, batch_norm=batch_norm,
        dropout=dropout == "on", device=device, tell=say, track=tracked,
    )  # fmt: skip
    counts = {status: sum(row.status == status for row in rows) for status in
              ("done", "kept", "rejected")}  # fmt: skip
    say(f"{out}: " + ", ".join(f"{n} {status}" for status, n in counts.items() if n))
    return 3 if counts["rejected"] else 0


def as_scale(text: str | None) -> Any:
    """A factor as a number, and words as they are."""
    try:
        return float(text or "")
    except ValueError:
        return text


def tracked(items: Sequence[T]) -> Iterable[T]:
    """The items, with a progress bar on a terminal."""
    from rich.progress import track

    return track(items, "pictures", disable=not sys.stdout.isatty(), transient=True)


def evaluate(
    fake: Path,
    real: Path | None = None,
    /,
    *,
    metrics: str | None = None,
    protocol: str = "auto",
    range: tuple[float, float] | None = None,
    match: Literal["name", "order"] = "name",
    mask: Path | None = None,
    nodata: float | None = None,
    palette: str | None = None,
    classes: int | None = None,
    ignore: int | None = None,
    split: str | None = None,
    direction: Direction | None = None,
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
        Of l1, mse, psnr, ssim, accuracy, iou; the first ranks the pictures of the sheet. Unless
        given l1,psnr,ssim, or accuracy,iou for a run that makes labels.
    protocol
        rgb: 8-bit RGB, gray repeated; raw: the pictures' own depth and channels; auto: rgb for
        8-bit gray and RGB, else raw.
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
        Which split of the data set a run is scored on; test unless there is none, then val.
    direction
        Which way a run is scored; as it was trained unless given.
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

    common: dict[str, Any] = {"protocol": protocol, "range": range, "mask": mask}
    if metrics is not None:
        common["metrics"] = [name.strip() for name in metrics.split(",") if name.strip()]
    common |= {"nodata": nodata, "palette": palette, "classes": classes, "ignore": ignore}
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
        raise UsageError(
            f"--{idle[0]} has no effect with --all-steps, which measures as the run's validation"
            " does; leave it out"
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


def import_(source: Path, out: Path, /) -> int:
    """Convert weights of the reference implementation; nothing in the file is executed.

    Parameters
    ----------
    source
        A file such as latest_net_G.pth, or of CycleGAN's latest_net_D_A.pth.
    out
        The .safetensors file to write.
    """
    from img2img.foreign import import_weights

    found = import_weights(source, out)
    network = found["network"]
    options = ", ".join(f"{key} {value}" for key, value in network["options"].items())
    say(f"{out}: {found['name']}, {network['name']} with {options}")
    return 0


def check(
    data: Path,
    /,
    *,
    sheet: Path | None = None,
    config: Annotated[Path | None, Parameter(name="--config")] = None,
    size: Annotated[int | None, Parameter(name="--size")] = None,
    direction: Annotated[Direction | None, Parameter(name="--direction")] = None,
    options: Annotated[Config, Parameter(name="*", show_default=False)] = NOTHING,
) -> int:
    """Look through a data set as a mode would train on it: what it is, and what must be mended.

    Parameters
    ----------
    data
        A folder of pictures, or builtin:town.
    sheet
        Where to draw what was found.
    config
        A YAML file of options, as for train.
    size
        Side of the squares to be trained on, in pixels, short for --data.size.
    direction
        AtoB or BtoA, short for --data.direction.
    """
    from img2img.check import check as verb

    mode, given = asked(config, options, size=size, direction=direction)
    findings = verb(data, mode, sheet=sheet, tell=say, track=tracked, **given)
    return 3 if findings.faults else 0


def split_(source: Path, out: Path, /) -> int:
    """Split side-by-side AB pictures into OUT/A and OUT/B."""
    from img2img.data.split import split

    say(f"{out}: {split(source, out)} pairs")
    return 0


def town(
    out: Path, /, *, count: int = 100, size: int = 64, seed: int = 0,
    split: Literal["train", "val", "test"] = "test", a: str = "map", b: str = "aerial",
    format: Literal["png", "tif", "npy"] | None = None,
) -> int:  # fmt: skip
    """Write pictures of the built-in town, one kind to OUT/A and another to OUT/B.

    Parameters
    ----------
    out
        A folder that is new or empty.
    count
        How many pairs.
    size
        Their sides in pixels.
    seed
        Which town.
    split
        Which of its pictures.
    a
        What A shows: map, aerial, labels (class numbers), bands (5 channels of float32), height
        (16 bit, cm), phase (12 of 16 bit) or stain (16 bit).
    b
        What B shows.
    format
        png where it holds the pictures, else tif, unless given.
    """
    from img2img.data.town import write_town

    write_town(out, count=count, size=size, seed=seed, split=split, sides=(a, b), format=format)
    say(f"{out}: {count} pairs")
    return 0


def preview(
    out: Path, /, *, rows: int = 8,
    config: Annotated[Path | None, Parameter(name="--config")] = None,
    data: Annotated[str | None, Parameter(name="--data")] = None,
    size: Annotated[int | None, Parameter(name="--size")] = None,
    direction: Annotated[Direction | None, Parameter(name="--direction")] = None,
    options: Annotated[Config, Parameter(name="*", show_default=False)] = NOTHING,
) -> int:  # fmt: skip
    """Draw what the networks of a run would really see, with the options of `train`.

    Parameters
    ----------
    out
        The sheet, such as preview.png.
    rows
        How many samples, the first of the first epoch.
    config
        A YAML file of options, as for `train`.
    data
        Folder of pictures, short for --data.path.
    size
        Side of the squares trained on, in pixels, short for --data.size.
    direction
        AtoB or BtoA, short for --data.direction.
    """
    from img2img.preview import preview as verb

    mode, given = asked(config, options, path=data, size=size, direction=direction)
    verb(out, mode, rows=rows, **given)
    say(f"{out}: {rows} sample{'s' * (rows > 1)}")
    return 0
