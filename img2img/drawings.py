"""Drawings: what a sampler draws into a folder: pictures, interpolations, sums, and a sheet."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from math import ceil, sqrt
from pathlib import Path
from typing import NamedTuple

from img2img import files, images
from img2img.arithmetic import Term, computed, strip
from img2img.formats.animated import animates, encoded
from img2img.images import Picture
from img2img.interpolation import Interpolation
from img2img.provenance import Work
from img2img.sampler import Sampler

SHEET = 256  # pictures of grid.png at most
FRAME = 40  # milliseconds


class Studio(NamedTuple):
    """Who draws, how, and where to."""

    sampler: Sampler
    out: Path
    format: str
    truncation: float | None
    tell: Callable[[str], None]
    track: Callable[[Sequence[int]], Iterable[int]]


def picture(studio: Studio, seed: int) -> Work:
    """The picture of a seed."""
    path = studio.out / f"{seed:06d}.{studio.format}"

    def draw() -> None:
        (made,) = studio.sampler.sample(1, seed, studio.truncation)
        images.write(path, made)

    return Work(path.name, {"seed": seed}, (path,), draw)


def film(studio: Studio, way: Interpolation, kind: str) -> Work:
    """The frames of an interpolation, and where it can be their animation."""
    encoding, folder = studio.sampler.output, studio.out / "frames"
    frames = tuple(folder / f"{i:04d}.{studio.format}" for i in range(way.length))
    name = f"interpolation.{kind}" if animates(encoding.dtype, encoding.channels) else None
    facts = way.facts() | {"count": way.length, "animation": name}
    outputs = (folder, *frames, *([studio.out / name] if name else []))
    return Work("interpolation", facts, outputs, partial(walk, studio, way, kind, name))


def walk(studio: Studio, way: Interpolation, kind: str, name: str | None) -> None:
    """Draw the frames, and make the animation of that name."""
    shown = draw_frames(studio, way)
    if name:
        files.write(studio.out / name, encoded(shown, kind, FRAME))
        studio.tell(f"{studio.out / name}: {len(shown)} frames")
        return
    encoding, folder = studio.sampler.output, studio.out / "frames"
    made = f"{encoding.dtype} in {encoding.channels} channels"
    studio.tell(f"note: {made} cannot be animated; {folder} has {len(shown)} pictures")


def draw_frames(studio: Studio, way: Interpolation) -> list[Picture]:
    """Write all of them, or none; they come back as uint8."""
    latents = way.latents(studio.sampler, studio.truncation)
    shown: list[Picture] = []
    with files.folder(studio.out / "frames", replace=True) as folder:
        for i in studio.track(range(len(latents))):
            (made,) = studio.sampler.draw(latents[i][None])
            images.write(folder / f"{i:04d}.{studio.format}", made)
            shown.append(studio.sampler.output.show(made))
    return shown


def total(studio: Studio, terms: Sequence[Term]) -> Work:
    """What an arithmetic comes to, and a strip of its terms."""
    outputs = studio.out / f"result.{studio.format}", studio.out / "arithmetic.png"
    facts = {"terms": [{"sign": term.sign, "seeds": list(term.seeds)} for term in terms]}

    def draw() -> None:
        result = computed(studio.sampler, terms, studio.truncation)
        images.write(outputs[0], result.picture)
        images.write(outputs[1], strip(studio.sampler, terms, result))
        studio.tell(f"{outputs[0]}: {' '.join(map(str, terms)).removeprefix('+ ')}")

    return Work("arithmetic", facts, outputs, draw)


def sheet(studio: Studio, pictures: Sequence[Work]) -> None:
    """Write grid.png, of the first pictures as they stand in the folder."""
    shown = [
        studio.sampler.output.show(images.read(path))
        for work in pictures[:SHEET]
        for path in work.outputs
    ]
    columns = ceil(sqrt(len(shown)))
    rows = [shown[first : first + columns] for first in range(0, len(shown), columns)]
    images.write(studio.out / "grid.png", images.grid(rows))
