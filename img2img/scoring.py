"""score: a run's generator on a data set whose pairs are known."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from img2img.base.metrics.comparison import Question
from img2img.couples import masked
from img2img.data.sides import Side
from img2img.evaluate import keep
from img2img.generator import as_direction, load_generator
from img2img.judging import Report, judge
from img2img.learned import beside, learned
from img2img.options import overridden
from img2img.run.folder import read_config
from img2img.run.sources import open_layout
from img2img.translations import plain, translations


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

    `data` is a folder of pairs, or builtin:town; its A and B are those of the run, whose direction
    is taken unless another is given. The other options are those of `evaluate`, and what is not
    given of them is what the run knows of its pictures: `metrics` (accuracy and iou of labels, else
    as evaluate's), `range`, `nodata`, `palette` or `classes`, and `ignore`. The masks of the
    data set count unless `mask` gives others, and where an input has no data nothing is asked.

    Raises:
        ValueError: no run, no pairs, no such split, or a metric that is unknown.
    """
    config = overridden(read_config(Path(run)), {"data": {"path": str(data)}})
    layout = open_layout(config, paired=True)
    name = split or ("test" if "test" in layout.splits else "val")
    if name not in layout.splits:
        raise ValueError(f"{data} has no {name} pictures; choose from {', '.join(layout.splits)}")
    sides = layout.splits[name]
    if sides.B is None:
        raise ValueError(f"{data} holds one domain; scoring a run takes pairs")
    direction = direction or config.data.direction
    x, y = (sides.A, sides.B) if direction == "AtoB" else (sides.B, sides.A)
    generator = load_generator(run, direction=as_direction(direction))
    output = generator.output
    question = Question(metrics, protocol, range, nodata, palette, classes, ignore, output, scale)
    folder = None if weights_dir is None else Path(weights_dir)
    question = question._replace(others=learned(folder), beside=partial(beside, folder))
    told = nodata is not None or ignore is not None  # what counts is not left to the encoding
    pairs = translations(
        generator, x, Side(y, plain(output) if told else output), masks=mask is None
    )
    unmatched: list[str] = []
    if mask is not None:
        pairs, unmatched = masked(pairs, Path(mask))
    comparison = question.about(pairs[0].real())
    facts = {"run": str(run), "direction": direction, "split": name, "unmatched": len(unmatched)}
    facts["mask"] = str(mask) if mask is not None else "the data set's" if y.masked else None
    if not told:
        facts["nodata"] = getattr(output, "nodata", None)
    report = judge(pairs, comparison, facts)._replace(unmatched=unmatched)
    keep(report, pairs, comparison, json=json, sheet=sheet)
    return report
