"""generate: pictures from noise, ways between them, and arithmetic with them."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from img2img import files
from img2img.arithmetic import parsed
from img2img.drawings import Studio, film, picture, sheet, total
from img2img.interpolation import Interpolation
from img2img.models import find_weights, load_sampler
from img2img.naming import check_holds, fitting
from img2img.provenance import Provenance, Status, Work, found
from img2img.request import Request


class Row(NamedTuple):
    """What became of one seed."""

    seed: int
    output: str
    status: Status


def generate(
    model: Path | str,
    out: Path | str,
    *,
    count: int = 16,
    seed: int = 0,
    truncation: float | None = None,
    format: str | None = None,
    interpolate: Sequence[int] = (),
    frames: int = 30,
    path: Literal["spherical", "linear"] = "spherical",
    animation: Literal["gif", "webp"] = "gif",
    loop: bool = False,
    arithmetic: str | None = None,
    device: str = "auto",
    overwrite: bool = False,
    tell: Callable[[str], None] = lambda line: None,
    track: Callable[[Sequence[int]], Iterable[int]] = iter,
) -> list[Row]:
    """Draw `count` pictures from noise into the folder `out`: those of seeds seed, seed + 1, ...

    A seed's picture, out/<seed>.png, is the same whatever the count; out/grid.png shows the first
    256. `truncation` draws the noise beyond it again. `interpolate` names seeds and goes from one
    to the next, and back to the first to `loop`, in as many `frames` a stretch, both of its ends
    among them, as out/frames/ and an `animation`. `arithmetic`, "1,2,3 - 4,5 + 6,7" say, counts
    with the mean noise of seeds: out/arithmetic.png has its terms too, out/result.png what they
    come to. Pictures have the depth and channels of those trained on, in PNG where that holds them,
    else in TIFF, unless a `format` is given. out/report.json says what was drawn, and by which
    weights: what it lists is kept where it stands, and nothing but the sheet is replaced unless
    `overwrite`. `tell` hears what is to be said, `track` follows the pictures.

    Raises:
        ValueError: no such model, one that translates, or an option that is at fault; or `out`
            holds what other weights or another truncation drew, or what is of another origin.
        OSError: the output cannot be written.
    """
    terms = [] if arithmetic is None else parsed(arithmetic)
    way = Interpolation(tuple(interpolate), frames, path, loop) if interpolate else None
    request = Request(count, seed, truncation, format, way, animation, terms)
    request.check()
    file = find_weights(model)
    sampler = load_sampler(file, device=device)
    kind = format or fitting(sampler.output)
    check_holds(Path(f"x.{kind}"), sampler.output)
    studio = Studio(sampler, Path(out), kind, truncation, tell, track)
    provenance = found(studio.out, facts(studio, file), overwrite=overwrite)
    return drawn(studio, request, provenance)


def facts(studio: Studio, file: Path) -> dict[str, Any]:
    """What the report says of the model, and how it is used."""
    return {
        "generator": studio.sampler.metadata,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "batch_norm": studio.sampler.batch_norm,
        "truncation": studio.truncation,
        "size": studio.sampler.size,
        "grown": studio.sampler.grown,
    }


def drawn(studio: Studio, request: Request, provenance: Provenance) -> list[Row]:
    """Draw what does not stand yet, and list it; a row for each picture.

    Raises:
        ValueError: what stands in its place is of another origin.
    """
    pictures = [picture(studio, seed) for seed in request.seeds]
    extras = extra(studio, request)
    kept = provenance.kept([*pictures, *extras])
    introduce(studio, request.count)
    files.check_writable(studio.out)
    provenance.begin([work for work in (*pictures, *extras) if work.name not in kept])
    for work, _ in zip(pictures, studio.track(request.seeds), strict=True):
        finish(work, provenance, kept)
    if pictures:
        sheet(studio, pictures)
    for work in extras:
        if finish(work, provenance, kept) == "kept":
            studio.tell(f"{work.outputs[0]}: kept")
    provenance.write()
    return [Row(**provenance.listed[work.name]) for work in pictures]


def extra(studio: Studio, request: Request) -> list[Work]:
    """What is asked for besides the pictures of seeds."""
    films = [film(studio, request.way, request.animation)] if request.way else []
    return films + ([total(studio, request.terms)] if request.terms else [])


def finish(work: Work, provenance: Provenance, kept: set[str]) -> Status:
    """Draw it unless it is kept, and list it."""
    if work.name not in kept:
        work.draw()
    status: Status = "kept" if work.name in kept else "done"
    provenance.end(work, status)
    return status


def introduce(studio: Studio, count: int) -> None:
    """Say how the pictures will be drawn."""
    sampler, cut = studio.sampler, studio.truncation
    studio.tell(
        f"{count} picture{'s' * (count != 1)} of {sampler.size}x{sampler.size} from"
        f" {sampler.latent} numbers of noise, truncation {'off' if cut is None else f'{cut:g}'};"
        f" batch norm {sampler.batch_norm}; {sampler.device}"
    )
    if not sampler.grown:
        full = sampler.metadata["size"]
        studio.tell(f"note: this run has not grown to its full {full}x{full} yet; train it on")
