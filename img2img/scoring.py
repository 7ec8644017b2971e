"""score: a run's generator on a data set whose pairs are known."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from img2img.base.metrics.comparison import Question
from img2img.base.metrics.span import Span
from img2img.couples import Couple, masked
from img2img.data.samples import Pictures
from img2img.evaluate import keep
from img2img.generator import Generator, load_generator
from img2img.images import Picture
from img2img.judging import Report, judge
from img2img.options import overridden
from img2img.run.folder import read_config
from img2img.run.sources import open_layout


def score(
    run: Path | str,
    data: Path | str,
    *,
    metrics: Sequence[str] = ("l1", "psnr", "ssim"),
    protocol: str = "auto",
    range: tuple[float, float] | None = None,
    mask: str | Path | None = None,
    nodata: float | None = None,
    palette: str | Path | None = None,
    classes: int | None = None,
    ignore: int | None = None,
    split: str | None = None,
    direction: str | None = None,
    json: str | Path | None = None,
    sheet: str | Path | None = None,
) -> Report:
    """Translate the test pictures (val without them) and compare each with its target.

    `data` is a folder of pairs, or builtin:town; its A and B are those of the run, whose direction
    is taken unless another is given. The other options are those of `evaluate`, but that a run on
    floats knows their range.

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
    own = Span(output.low, output.high) if output.dtype == "float32" else None
    question = Question(metrics, protocol, range or own, nodata, palette, classes, ignore)
    pairs = _couples(generator, x, y)
    unmatched: list[str] = []
    if mask is not None:
        pairs, unmatched = masked(pairs, Path(mask))
    comparison = question.about(pairs[0].real())
    facts = {"run": str(run), "direction": direction, "split": name, "unmatched": len(unmatched)}
    facts["mask"] = None if mask is None else str(mask)
    report = judge(pairs, comparison, facts)._replace(unmatched=unmatched)
    keep(report, pairs, comparison, json=json, sheet=sheet)
    return report


def _couples(generator: Generator, x: Pictures, y: Pictures) -> list[Couple]:
    """Each picture's translation and its target, made when it is asked for."""
    return [
        Couple(x.stem(i), partial(translated, generator, x, i), partial(picture, y, i))
        for i in range(len(x))
    ]


def as_direction(name: str) -> Literal["AtoB", "BtoA"]:
    """The direction of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in ("AtoB", "BtoA"):
        raise ValueError(f"unknown direction {name!r}; choose from AtoB, BtoA")
    return "AtoB" if name == "AtoB" else "BtoA"


def translated(generator: Generator, pictures: Pictures, index: int) -> Picture:
    """A picture's translation; its name seeds the noise, where there is any."""
    made: Picture = generator(pictures[index], key=pictures.stem(index))
    return made


def picture(pictures: Pictures, index: int) -> Picture:
    """A picture."""
    return pictures[index]
