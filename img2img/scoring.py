"""score: a run's generator on a data set whose pairs are known."""

from collections.abc import Sequence
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from img2img.base.metrics.comparison import Question
from img2img.base.metrics.protocol import SHAVED
from img2img.couples import Couple, masked
from img2img.data.folders import Layout, Split
from img2img.data.resolution_folders import resolutions
from img2img.data.sides import Side
from img2img.data.unmasked import Unmasked
from img2img.enlargements import enlargements, unseen
from img2img.evaluate import keep, unasked
from img2img.generator import Generator
from img2img.images import Levels
from img2img.judging import Report, judge
from img2img.learned import learned
from img2img.models import as_direction, load_translator
from img2img.options import overridden
from img2img.run.folder import read_config
from img2img.run.sources import open_layout
from img2img.translations import plain, translations


class Scored(NamedTuple):
    """What of a data set is scored."""

    split: str
    """The name of the split, or all."""
    couples: list[Couple]
    masked: bool
    """Whether masks of the data set count."""
    lr: str | None = None
    """Whether the low resolution was given, or how it was made; None where nothing is enlarged."""


def score(
    run: Path | str,
    data: Path | str,
    *,
    metrics: Sequence[str] | None = None,
    protocol: str = "auto",
    scale: int | None = None,
    range: tuple[float, float] | None = None,
    mask: str | Path | None = None,
    nodata: float | None = None,
    palette: str | Path | None = None,
    classes: int | None = None,
    ignore: int | None = None,
    split: str | None = None,
    direction: str | None = None,
    weights_dir: str | Path | None = None,
    json: str | Path | None = None,
    sheet: str | Path | None = None,
) -> Report:
    """Translate the test pictures (val without them) and compare each with its target.

    Of a run that enlarges, test; without it val, where that has folders of its own or the run was
    trained on this data set; else all pictures. LR is made where it is not given; `scale` is the
    run's.

    `data` is a folder of pairs, or builtin:town; its A and B are those of the run, whose direction
    is taken unless another is given. The other options are those of `evaluate`, and what is not
    given of them is what the run knows of its pictures: `metrics` (accuracy and iou of labels, else
    as evaluate's), `range`, `nodata`, `palette` or `classes`, and `ignore`. The masks of the
    data set count unless `mask` gives others, and where an input has no data nothing is asked.

    Raises:
        ValueError: no run, no pairs, no such split, or a metric that is unknown.
    """
    config = overridden(read_config(Path(run)), {"data": {"path": str(data)}})
    layout, enlarges = open_layout(config, paired=True), config.data.scale
    direction = direction or config.data.direction
    generator = load_translator(run, direction=as_direction(direction))
    told = nodata is not None or ignore is not None  # what counts is not left to the encoding
    output = generator.output
    if enlarges is not None:
        assert isinstance(output, Levels)
        levels = output.model_copy(update={"nodata": spelt(nodata)}) if told else output
        scored = enlarged(generator, layout, split, levels, enlarges, masks=mask is None)
        scale = enlarges if protocol in SHAVED and scale is None else scale
    else:
        scored = translated(generator, layout, split, direction, plainly=told, masks=mask is None)
    pairs = scored.couples
    unmatched: list[str] = []
    if mask is not None:
        pairs, unmatched = masked(pairs, Path(mask))
    question = Question(metrics, protocol, range, nodata, palette, classes, ignore, output, scale)
    folder = None if weights_dir is None else Path(weights_dir)
    question = question._replace(others=learned(folder), beside=unasked(pairs, nodata, folder))
    comparison = question.about(pairs[0].real())
    facts: dict[str, Any] = {
        "run": str(run),
        "direction": direction,
        "split": scored.split,
        "lr": scored.lr,
    }
    facts |= {"unmatched": len(unmatched)}
    facts["mask"] = str(mask) if mask is not None else "the data set's" if scored.masked else None
    if not told:
        facts["nodata"] = getattr(output, "nodata", None)
    report = judge(pairs, comparison, facts)._replace(unmatched=unmatched)
    keep(report, pairs, comparison, json=json, sheet=sheet)
    return report


def translated(
    generator: Generator, layout: Layout, split: str | None, direction: str,
    *, plainly: bool, masks: bool,
) -> Scored:  # fmt: skip
    """A split, test unless one is asked for, or without it val.

    Raises:
        ValueError: there is no such split, or it is no pairs.
    """
    name = split or ("test" if "test" in layout.splits else "val")
    sides = part(layout, name)
    if sides.B is None:
        raise ValueError(f"{layout.root} holds one domain; scoring a run takes pairs")
    x, y = (sides.A, sides.B) if direction == "AtoB" else (sides.B, sides.A)
    target = Side(y, plain(generator.output) if plainly else generator.output)
    return Scored(name, translations(generator, x, target, masks=masks), y.masked)


def enlarged(
    generator: Generator, layout: Layout, split: str | None, encoding: Levels, scale: int,
    *, masks: bool,
) -> Scored:  # fmt: skip
    """Likewise of super-resolution, whose low resolution is given or made.

    Raises:
        ValueError: there is no such split.
    """
    name = split or unseen(layout, generator.metadata.get("trained_on"))
    couples, hides, lr = list[Couple](), False, "given"
    for key in layout.splits if name == "all" else [name]:
        high, low = resolutions(part(layout, key))
        shown = high if masks else Unmasked(high)
        hides = hides or shown.masked
        lr = f"bicubic x{scale}" if low is None else lr
        couples += enlargements(generator, shown, low, encoding, scale)
    return Scored(name, couples, hides, lr)


def spelt(nodata: float | None) -> float | str | None:
    """As an encoding has it."""
    return "nan" if nodata is not None and isnan(nodata) else nodata


def part(layout: Layout, name: str) -> Split:
    """A split of a layout.

    Raises:
        ValueError: there is none of that name.
    """
    if name not in layout.splits:
        there = ", ".join(layout.splits)
        raise ValueError(f"{layout.root} has no {name} pictures; choose from {there}")
    return layout.splits[name]
