"""Where a run's pictures come from: a folder or a built-in set, in the run's direction."""

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from img2img import files
from img2img.config import BUILTIN, PHOTOS, Config, UsageError
from img2img.data.domain import Domain
from img2img.data.faults import Fault, refuse
from img2img.data.folders import Layout, Split, recognise
from img2img.data.loading import Samples
from img2img.data.photos import photos
from img2img.data.resolution_folders import recognise_resolutions
from img2img.data.samples import Pictures
from img2img.data.scan import scan
from img2img.data.sets import Pairs, Singles, Unpaired
from img2img.data.town import town
from img2img.data.transforms import Recipe
from img2img.images import Encoding, Labels
from img2img.run.enlarging import check_alone, enlarging
from img2img.run.reading import class_shares, read_as


class Source(NamedTuple):
    """A run's data."""

    kind: str
    """What was understood, in a line."""
    splits: Mapping[str, Samples]
    """train, and val and test where there are such."""
    encodings: tuple[Encoding, Encoding]
    """Of the input and of the output; of the one domain twice where there is one."""
    class_shares: list[float]
    """Of the output's classes, where it has classes."""
    warnings: list[str]
    fingerprint: str
    """Of the training pictures' names and sizes, their masks and weights."""


def open_source(config: Config, paired: bool | None) -> Source:
    """The data set that the configuration names, looked through before the first step.

    Raises:
        ValueError: it is missing, not understood, or holds pictures that cannot be used.
    """
    data = config.data
    recipe = recipe_of(config)
    layout = open_layout(config, paired)
    if data.scale is not None:
        made = enlarging(data, layout, recipe)
        both = made.encoding, made.encoding
        return Source(made.kind, made.splits, both, [], made.warnings, fingerprint(layout))
    check_alone(config)
    found = scan(layout, recipe, paired=paired)
    levels, train = (found.A, found.B or found.A), layout.splits["train"]
    sides = (train.A, train.B or train.A)
    if data.direction == "BtoA" and paired is not None:
        levels, sides = levels[::-1], sides[::-1]
    apart = paired is not True  # a pair's mask hides its target alone
    x, notes = read_as(data.input, levels[0], sides[0], "input", masks=apart)
    y, more = read_as(data.output, levels[1], sides[1], "output") if paired is not None else (x, [])
    splits = {
        name: samples(split, recipe, (x, y), paired, data.direction)
        for name, split in layout.splits.items()
    }
    shares = class_shares(y, sides[1]) if isinstance(y, Labels) else []
    notes = [*found.warnings, *notes, *more]
    return Source(layout.kind, splits, (x, y), shares, notes, fingerprint(layout))


def recipe_of(config: Config) -> Recipe:
    """What is done to the pictures before the network sees them."""
    given = config.data.model_dump(include=set(Recipe.model_fields))
    return Recipe(**{key: value for key, value in given.items() if value is not None})


def open_layout(
    config: Config, paired: bool | None, fault: Fault = refuse, *, trains: bool = True
) -> Layout:
    """The folder as it was recognised, the town, or the photographs.

    Unless it `trains`, the folder may hold test or val alone.

    Raises:
        ValueError: the folder is not understood, or the photographs are to be two domains.
    """
    if config.data.scale is not None:
        paired = None
    if config.data.path == PHOTOS:
        if paired is not None:
            raise UsageError(f"{PHOTOS} is one domain, but {config.mode} needs two; name others")
        return photos()
    if config.data.path == BUILTIN:
        layout = town(size=config.data.size, paired=paired is not False)
        if paired is None:  # the aerial pictures alone
            splits = {name: Split(split.B or split.A) for name, split in layout.splits.items()}
            return layout._replace(splits=splits)
        return layout
    if config.data.scale is not None:
        return recognise_resolutions(config.data.path, fault)
    if paired is None:
        return one_domain(config.data.path, config.data.direction, fault, trains=trains)
    return recognise(config.data.path, paired=paired, fault=fault, trains=trains)


def one_domain(path: str, direction: str, fault: Fault, *, trains: bool = True) -> Layout:
    """The pictures of a folder; where it holds two domains, those of the direction's input."""
    try:
        both = recognise(path, paired=False, trains=trains)
    except ValueError:
        return recognise(path, paired=None, fault=fault, trains=trains)
    side = direction[0]
    splits = {name: Split(getattr(split, side)) for name, split in both.splits.items()}
    return both._replace(kind=f"{both.kind}; {side} alone, as --direction says", splits=splits)


def samples(
    split: Split,
    recipe: Recipe,
    encodings: tuple[Encoding, Encoding],
    paired: bool | None,
    direction: str,
) -> Samples:
    """The samples of a split, x the input."""
    if paired is None or split.B is None:
        return Singles(split.A, recipe, encodings[0])
    x, y = (split.A, split.B) if direction == "AtoB" else (split.B, split.A)
    return (Pairs if paired else Unpaired)(x, y, recipe, encodings)


def fingerprint(layout: Layout) -> str:
    """SHA-256 over what trains: names, sizes in bytes, masks and weights; or a built-in's name.

    Nothing of a folder without train.
    """
    if "train" not in layout.splits:
        return ""
    if layout.root == files.builtin("photos"):
        return PHOTOS
    train = layout.splits["train"]
    sides: list[Pictures] = [train.A] if train.B is None else [train.A, train.B]
    if not all(isinstance(side, Domain) for side in sides):
        return BUILTIN
    digest = hashlib.sha256()
    for side in sides:
        assert isinstance(side, Domain)
        for index, file in enumerate(side.files):
            digest.update(f"{side.stem(index)}\0{file.stat().st_size}\n".encode())
            mask = side.masks[index] if side.masks else None
            if mask is not None:
                digest.update(
                    f"mask {mask.relative_to(side.root)}\0{mask.stat().st_size}\n".encode()
                )
        if side.weights:
            digest.update(f"weights {side.weights}\n".encode())
    return digest.hexdigest()
