"""score: a run's generator on a data set."""

from math import isnan
from pathlib import Path
from typing import Any, NamedTuple, Unpack

from img2img.base.metrics.protocol import SHAVED
from img2img.config import Config
from img2img.couples import Couple, masked
from img2img.data.folders import Layout
from img2img.data.resolution_folders import resolutions
from img2img.data.sides import Side
from img2img.data.unmasked import Unmasked
from img2img.enlargements import enlargements
from img2img.generator import Generator
from img2img.images import Levels
from img2img.inquiry import Inquiry, Options
from img2img.judging import Report
from img2img.material import Ensembles, Material
from img2img.measuring import measure
from img2img.models import as_direction, load_translator
from img2img.modes import find_mode
from img2img.options import overridden
from img2img.publishing import publish
from img2img.remembering import Memory
from img2img.run.folder import read_config
from img2img.run.held_out import part, unseen
from img2img.run.sources import open_layout
from img2img.set_scoring import apart, learned_from, manner, pairs, sampled
from img2img.translations import plain, translations


def score(
    run: Path | str,
    data: Path | str,
    *,
    direction: str | None = None,
    unpaired: bool = False,
    **options: Unpack[Options],
) -> Report:
    """Translate the test pictures and compare each with its target.

    Without test those of val, where that has folders of its own or the run was trained on this data
    set; else all pictures. LR is made where it is not given; `scale` is the run's. Where the data
    are no pairs, or `unpaired`, the outputs are compared with the other domain as a set, and back
    again; a run that draws from noise is compared with the pictures, or with their statistics.

    `data` is a folder of pairs, or builtin:town; its A and B are those of the run, whose direction
    is taken unless another is given. The other options are those of `evaluate`, and what is not
    given of them is what the run knows of its pictures: `metrics` (accuracy and iou of labels, else
    as evaluate's), `range`, `nodata`, `palette` or `classes`, and `ignore`; `train`, if it was
    trained on this data set, of at most 500 pictures unless memorisation is asked for. `samples` is
    how many pictures are drawn from noise, as many as real ones unless given. The masks of the data
    set count unless `mask` gives others, and where an input has no data nothing is asked.

    Raises:
        ValueError: no run, no pairs, no such split, or a metric that is unknown.
    """
    inquiry = Inquiry(**options)
    config = overridden(read_config(Path(run)), {"data": {"path": str(data)}})
    config = overridden(config, {"data": {"direction": direction or config.data.direction}})
    mode = find_mode(config.mode)
    noise = mode.paired is None and config.data.scale is None
    if not noise and (inquiry.samples is not None or Path(data).suffix == ".npz"):
        idle = "--samples" if inquiry.samples is not None else data
        raise ValueError(f"{idle} is for runs that draw from noise; {run} takes a data set")
    if noise:
        material, inquiry = sampled(Path(run), config, inquiry)
    elif unpaired or (mode.paired is False and not pairs(config)):
        material, inquiry = apart(Path(run), config, inquiry)
    else:
        material, inquiry = together(Path(run), config, inquiry)
    return publish(measure(material, inquiry), material, inquiry)


class Scored(NamedTuple):
    """What of a data set is scored."""

    split: str
    """The name of the split, or all."""
    couples: list[Couple]
    masked: bool
    """Whether masks of the data set count."""
    lr: str | None = None
    """Whether the low resolution was given, or how it was made; None where nothing is enlarged."""


def together(run: Path, config: Config, asked: Inquiry) -> tuple[Material, Inquiry]:
    """Outputs and their targets.

    Raises:
        ValueError: there is no such split, or it is no pairs.
    """
    layout, direction = open_layout(config, paired=True, trains=False), config.data.direction
    generator = load_translator(run, direction=as_direction(direction))
    if asked.scale is None and asked.protocols[0] in SHAVED:
        asked = asked._replace(scale=config.data.scale)
    scored = beside_targets(generator, layout, config, asked)
    memory, unmatched = Memory(), list[str]()
    couples = [pair._replace(fake=memory(pair.fake)) for pair in scored.couples]
    if asked.mask is not None:
        couples, unmatched = masked(couples, Path(asked.mask))
    facts: dict[str, Any] = {
        "run": str(run),
        "direction": direction,
        "split": scored.split,
        "lr": scored.lr,
        "unmatched": len(unmatched),
        **manner(generator),
        "mask": str(asked.mask) if asked.mask else "the data set's" if scored.masked else None,
    }
    if not told(asked):
        facts["nodata"] = getattr(generator.output, "nodata", None)
    ensembles = Ensembles.of(
        [pair.fake for pair in couples],
        {pair.name: pair.real for pair in couples},
        learned_from(layout, config, asked, generator.metadata.get("trained_on")),
    )
    return Material(
        "pairs", couples, [p.name for p in couples], ensembles, encoding=generator.output,
        facts=facts, unmatched=unmatched,
    ), asked  # fmt: skip


def told(asked: Inquiry) -> bool:
    """Whether it is said, and not left to the encoding, what does not count."""
    return asked.nodata is not None or asked.ignore is not None


def beside_targets(generator: Generator, layout: Layout, config: Config, asked: Inquiry) -> Scored:
    """What is to be scored of a data set of pairs, or of pictures to be enlarged.

    Raises:
        ValueError: there is no such split, or it is no pairs.
    """
    output, scale, masks = generator.output, config.data.scale, asked.mask is None
    if scale is None:
        return translated(
            generator, layout, asked.split, config.data.direction, plainly=told(asked), masks=masks
        )
    assert isinstance(output, Levels)
    nodata = {"nodata": spelt(asked.nodata)} if told(asked) else {}
    levels = output.model_copy(update=nodata)
    return enlarged(generator, layout, asked.split, levels, scale, masks=masks)


def translated(
    generator: Generator, layout: Layout, split: str | None, direction: str,
    *, plainly: bool, masks: bool,
) -> Scored:  # fmt: skip
    """A split, or what the run has not seen.

    Raises:
        ValueError: there is no such split, or it is no pairs.
    """
    name = split or unseen(layout, generator.metadata.get("trained_on"))
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
