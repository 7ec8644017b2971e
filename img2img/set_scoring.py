"""Scoring of sets: what a run makes of pictures or of noise, beside those it should look like."""

from functools import partial
from pathlib import Path
from typing import Any

from img2img.base.metrics.statistics import load
from img2img.config import Config
from img2img.data.folders import Layout
from img2img.data.sides import Side
from img2img.generator import Generator
from img2img.inquiry import Inquiry, chosen
from img2img.material import Ensembles, Made, Material, trained
from img2img.models import as_direction, load_sampler, load_translator
from img2img.remembering import Memory
from img2img.round_trips import round_trips
from img2img.run.held_out import part, unseen
from img2img.run.sources import fingerprint, open_layout, recipe_of
from img2img.sampler import Sampler, check_count
from img2img.samplings import recovery, samples, seen
from img2img.translations import real, shown, translated

TRAINED = 500  # pictures that are looked at for memorisation without being asked for


def pairs(config: Config) -> bool:
    """Whether the data set is of pairs."""
    try:
        open_layout(config, paired=True, trains=False)
    except ValueError:
        return False
    return True


def apart(run: Path, config: Config, asked: Inquiry) -> tuple[Material, Inquiry]:
    """Outputs and the pictures of the other domain, and back again.

    Raises:
        ValueError: there is no such split, or some of its pixels do not count.
    """
    layout = open_layout(config, paired=False, trains=False)
    direction = as_direction(config.data.direction)
    G = load_translator(run, direction=direction)
    trained_on = G.metadata.get("trained_on")
    name = asked.split or unseen(layout, trained_on)
    sides = part(layout, name)
    assert sides.B is not None
    x, y = (sides.A, sides.B) if direction == "AtoB" else (sides.B, sides.A)
    check_whole(asked, Side(x, G.input), Side(y, G.output))
    memory = Memory()
    fakes = [memory(partial(translated, G, x, i)) for i in range(len(x))]
    reals = {y.stem(i): partial(real, Side(y, G.output), i) for i in range(len(y))}
    names = [x.stem(i) for i in range(len(x))]
    facts = {"run": str(run), "direction": direction, "split": name, **manner(G)}
    ensembles = Ensembles.of(fakes, reals, learned_from(layout, config, asked, trained_on))
    extras = round_trips(run, G, direction, x, y, fakes)
    sources = [partial(shown, Side(x, G.input), i) for i in range(len(x))]
    return Material(
        "unpaired", (), names, ensembles, sources, extras, encoding=G.output, facts=facts
    ), asked  # fmt: skip


def sampled(run: Path, config: Config, asked: Inquiry) -> tuple[Material, Inquiry]:
    """Pictures from noise, as many as real ones unless `samples` says otherwise.

    Raises:
        ValueError: there is no such split, or some of its pixels do not count; statistics do not
            say of how many pictures they are.
    """
    sampler = load_sampler(run)
    name, reals, train = beside_samples(sampler, config, asked)
    known = load(reals)[0].count if isinstance(reals, Path) else len(reals)
    count = known if asked.samples is None else asked.samples
    if count is None:
        raise ValueError(f"{reals} does not tell how many pictures to draw; give --samples N")
    check_count(count)
    seeds = range(asked.seed, asked.seed + count)
    ensembles = Ensembles.of(samples(sampler, seeds), reals, train)
    facts = {"run": str(run), "split": name, "size": sampler.size, "batch_norm": sampler.batch_norm}
    extras = {}
    if not isinstance(reals, Path):
        extras["reconstruction"] = recovery(sampler, [*reals.values()], asked.seed)
    names = [f"{seed:06}" for seed in seeds]
    return Material(
        "noise", (), names, ensembles, (), extras, encoding=sampler.output, facts=facts
    ), asked  # fmt: skip


def beside_samples(
    sampler: Sampler, config: Config, asked: Inquiry
) -> tuple[str | None, dict[str, Made] | Path, dict[str, Made] | None]:
    """The split, its pictures as the networks saw them, or a file of statistics; and the trained.

    They were resized and their middle cut out.
    """
    kept, train = Path(config.data.path), trained(asked.train)
    if kept.suffix == ".npz":
        return asked.split, kept, train
    layout, recipe = open_layout(config, paired=None, trains=False), recipe_of(config)
    trained_on = sampler.metadata.get("trained_on")
    name = asked.split or unseen(layout, trained_on)
    pictures = part(layout, name).A
    check_whole(asked, Side(pictures, sampler.output))
    if train is None and spared(layout, asked, trained_on):
        train = seen(layout.splits["train"].A, recipe, sampler.output)
    return name, seen(pictures, recipe, sampler.output), train


def manner(generator: Generator) -> dict[str, Any]:
    """How a generator's outputs are made."""
    return {
        "scale_of_input": generator.scale, "batch_norm": generator.batch_norm,
        "dropout": "on" if generator.dropout else "off",
    }  # fmt: skip


def check_whole(asked: Inquiry, *sides: Side) -> None:
    """Raises ValueError where pixels may be hidden, which figures of sets would count."""
    if asked.mask is not None or asked.nodata is not None:
        raise ValueError("sets are of whole pictures; leave --mask and --nodata out")
    if any(side.masked for side in sides):
        raise ValueError(
            "sets are of whole pictures, but masks, nodata or ignore hide some pixels here; score"
            " pairs, or pictures without them"
        )


def learned_from(
    layout: Layout, config: Config, asked: Inquiry, trained_on: str | None
) -> dict[str, Made] | None:
    """The training pictures of the output's side by name: those given, or the data set's if few.

    Those of a data set that the run was not trained on are none.
    """
    if asked.train is not None or not spared(layout, asked, trained_on):
        return trained(asked.train)
    split = layout.splits["train"]
    side = split.B if config.data.direction == "AtoB" else split.A
    side = split.A if side is None else side
    return {side.stem(i): partial(side.__getitem__, i) for i in range(len(side))}


def spared(layout: Layout, asked: Inquiry, trained_on: str | None) -> bool:
    """Whether the layout's train was trained on, and is few enough, unless it is asked for."""
    if fingerprint(layout) != trained_on:
        return False
    few = len(layout.splits["train"].A) <= TRAINED
    return few or "memorisation" in chosen(asked.metrics).spelt
