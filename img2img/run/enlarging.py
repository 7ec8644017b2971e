"""The data of super-resolution: the samples of a layout, and options that do not fit it."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from img2img.config import Config, Data, UsageError
from img2img.data.faults import counted
from img2img.data.folders import Layout
from img2img.data.loading import Samples
from img2img.data.resolution_folders import resolutions
from img2img.data.resolution_scan import scan_resolutions
from img2img.data.resolutions import Resolved
from img2img.data.transforms import Recipe
from img2img.images import Levels
from img2img.run.reading import read_as

STILL = 4  # times the crop's side is the most that a still shows of a picture
ALONE = ("degradation", "shrink", "shuffle", "contrast", "inversion")  # super-resolution's
OTHERS = ("zoom", "rotate", "shear", "elastic", "jitter", "noise", "direction")  # never its
PLAIN = Data()


class Enlarging(NamedTuple):
    """What a layout is to super-resolution."""

    kind: str
    """What was understood, in a line."""
    splits: Mapping[str, Samples]
    encoding: Levels
    """Of both resolutions."""
    warnings: list[str]


def enlarging(data: Data, layout: Layout, recipe: Recipe) -> Enlarging:
    """The samples of a layout as `recognise_resolutions` finds it.

    Raises:
        ValueError: an option does not fit, or there are pictures that cannot be used.
    """
    scale = checked_scale(data)
    recipe = recipe.model_copy(update={"resize": "none"})
    found = scan_resolutions(layout, recipe, scale)
    high, low = resolutions(layout.splits["train"])
    encoding, notes = read_as(data.input, found.A, high, "input")
    assert isinstance(encoding, Levels)
    check_degradation(data, encoding)
    # a multiple of the crop's side, which is one of the scale and of what the networks need
    still = max(1, min(STILL, min(found.smallest) // data.size)) * data.size
    splits = {
        name: Resolved(*resolutions(split), recipe, encoding, scale, still)
        for name, split in layout.splits.items()
    }
    made = f"LR made by {data.degradation} x{scale}" if low is None else f"LR given, x{scale}"
    warnings = [it for it in found.warnings if encoding.channels != 1 or "read as RGB" not in it]
    notes = [*warnings, *notes, *(idle(data) if low is not None else ())]
    return Enlarging(f"{layout.kind}; {made}", splits, encoding, notes)


def checked_scale(data: Data) -> int:
    """How many times larger the output is.

    Raises:
        UsageError: an option is not for super-resolution.
    """
    assert data.scale is not None
    if data.resize != "none":
        raise UsageError(
            f"--data.resize {data.resize} has no meaning for super-resolution, which crops its"
            " pictures as they are; leave it out or choose none"
        )
    for name in OTHERS:
        if getattr(data, name) != getattr(PLAIN, name):
            raise UsageError(f"--data.{name} has no meaning for super-resolution; leave it out")
    if "labels" in (data.input.kind, data.output.kind):
        raise UsageError("labels cannot be enlarged; leave --data.input.kind and output.kind image")
    for name, value in data.output.model_dump(exclude_defaults=True).items():
        if value != getattr(data.input, name):
            raise UsageError(
                f"--data.output.{name}: both resolutions are read alike; give --data.input.{name}"
            )
    return data.scale


def check_alone(config: Config) -> None:
    """Raise UsageError for an option of super-resolution where there is no scale."""
    for name in ALONE:
        if getattr(config.data, name) != getattr(PLAIN, name):
            raise UsageError(
                f"--data.{name} is for super-resolution; leave it out, or choose --mode srgan"
            )


def check_degradation(data: Data, encoding: Levels) -> None:
    """Raise UsageError for pictures that have no realistic degradation."""
    if data.degradation == "realistic" and (
        encoding.dtype != "uint8" or encoding.channels not in (1, 3)
    ):
        raise UsageError(
            "--data.degradation realistic is for 8-bit pictures in gray or RGB, but these are "
            f"{encoding.dtype} in {counted(encoding.channels, 'channel')}; leave it out"
        )


def idle(data: Data) -> Iterator[str]:
    """Options that do nothing where LR is given."""
    for name in ("degradation", "shrink"):
        if getattr(data, name) != getattr(PLAIN, name):
            yield f"--data.{name} has no effect: LR is given"
