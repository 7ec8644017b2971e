"""generate: pictures from noise, ways between them, and arithmetic with them."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from math import ceil, sqrt
from pathlib import Path
from typing import Any, Literal, NamedTuple

from img2img import files, images
from img2img.arithmetic import Term, computed, parsed, strip
from img2img.base.latents import LEAST
from img2img.config import UsageError
from img2img.formats.animated import ANIMATED, animates, encoded
from img2img.images import Picture
from img2img.interpolation import Interpolation
from img2img.models import find_weights, load_sampler
from img2img.naming import check_format, check_holds, fitting
from img2img.sampler import Sampler

REPORT = "report.json"
SHEET = 256  # pictures of grid.png at most
FRAME = 40  # milliseconds


class Row(NamedTuple):
    """What became of one seed."""

    seed: int
    output: str
    status: Literal["done", "kept"]
    """kept: the picture stood there already."""


class Task(NamedTuple):
    """What is drawn, and where to."""

    sampler: Sampler
    out: Path
    format: str
    truncation: float | None
    tell: Callable[[str], None]
    track: Callable[[Sequence[int]], Iterable[int]]


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

    A seed's picture, out/<seed>.png, is the same whatever the count, and kept where it stands
    already unless `overwrite`; out/grid.png shows the first 256. `truncation` draws the noise
    beyond it again. `interpolate` names seeds and goes from one to the next, and back to the first
    to `loop`, in as many `frames` a stretch, both of its ends among them, as out/frames/ and an
    `animation`. `arithmetic`, "1,2,3 - 4,5 + 6,7" say, counts with the mean noise of seeds:
    out/arithmetic.png has its terms too, out/result.png what they come to. Pictures have the depth
    and channels of those trained on, in PNG where that holds them, else in TIFF, unless a `format`
    is given. out/report.json says what was drawn, and by which weights. `tell` hears what is to be
    said, `track` follows the pictures.

    Raises:
        ValueError: no such model, one that translates, or an option that is at fault; or `out`
            holds what other weights or another truncation drew.
        OSError: the output cannot be written.
    """
    out = Path(out)
    terms = [] if arithmetic is None else parsed(arithmetic)
    way = Interpolation(tuple(interpolate), frames, path, loop) if interpolate else None
    check(count, seed, truncation, format, animation, way, least=0 if way or terms else 1)
    file = find_weights(model)
    sampler = load_sampler(file, device=device)
    kind = format or fitting(sampler.output)
    check_holds(Path(f"x.{kind}"), sampler.output)
    report = begun(out, sampler, file, truncation, overwrite=overwrite)
    if way and (out / "frames").exists() and not (overwrite or report["interpolation"]):
        raise ValueError(f"{out / 'frames'} is of unknown origin; remove it, or give --overwrite")
    task = Task(sampler, out, kind, truncation, tell, track)
    tell(described(task, count))
    files.check_writable(out)
    if way:
        report["interpolation"] = way._asdict()
    write_report(out, report)  # what a stopped call leaves is known to be of these weights
    rows = samples(task, range(seed, seed + count), overwrite=overwrite)
    report["files"] = [row._asdict() for row in rows]
    if way:
        report["interpolation"] = walked(task, way, animation)
    if terms:
        report["arithmetic"] = counted(task, terms)
    write_report(out, report)
    return rows


def check(
    count: int,
    seed: int,
    truncation: float | None,
    format: str | None,
    animation: str,
    way: Interpolation | None,
    *,
    least: int,
) -> None:
    """Raise UsageError now, not after the work."""
    if count < least:
        raise UsageError(f"{count} pictures cannot be drawn; choose {least} or more")
    if wrong := [one for one in (seed, *(way.seeds if way else ())) if one < 0]:
        raise UsageError(f"{wrong[0]} is no seed; choose 0 or more")
    if truncation is not None and not truncation >= LEAST:
        raise UsageError(f"--truncation {truncation:g} leaves no noise; choose {LEAST} or more")
    if format is not None:
        check_format(format)
    if animation not in ANIMATED:
        raise UsageError(f"unknown animation {animation!r}; choose from {', '.join(ANIMATED)}")
    if way:
        way.check()


def begun(
    out: Path, sampler: Sampler, file: Path, truncation: float | None, *, overwrite: bool
) -> dict[str, Any]:
    """The report before anything is drawn, with what an earlier call left in `out`.

    Raises:
        ValueError: that was drawn by other weights or with another truncation.
    """
    report: dict[str, Any] = {
        "generator": sampler.metadata,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "batch_norm": sampler.batch_norm,
        "truncation": truncation,
    }
    earlier = {} if overwrite else read_report(out)
    for name, said in (("sha256", "other weights"), ("truncation", "another truncation")):
        if earlier and earlier.get(name) != report[name]:
            raise ValueError(
                f"{out} holds pictures of {said}; name another folder, or give --overwrite"
            )
    kept = {name: earlier.get(name) for name in ("interpolation", "arithmetic")}
    return report | kept | {"files": []}


def read_report(out: Path) -> dict[str, Any]:
    """OUT/report.json, nothing where there is none."""
    with suppress(OSError, ValueError):
        found = json.loads((out / REPORT).read_bytes())
        return found if isinstance(found, dict) else {}
    return {}


def write_report(out: Path, report: dict[str, Any]) -> None:
    """OUT/report.json: the generator, and what it drew."""
    files.write(out / REPORT, json.dumps(report, indent=1, sort_keys=True).encode())


def described(task: Task, count: int) -> str:
    """How the pictures will be drawn, in a line."""
    sampler, cut = task.sampler, task.truncation
    return (
        f"{count} picture{'s' * (count != 1)} from {sampler.latent} numbers of noise, truncation"
        f" {'off' if cut is None else f'{cut:g}'}; batch norm {sampler.batch_norm};"
        f" {sampler.device}"
    )


def samples(task: Task, seeds: Sequence[int], *, overwrite: bool) -> list[Row]:
    """The picture of each seed, and a sheet of the first ones."""
    rows: list[Row] = []
    sheet: list[Picture] = []
    for seed in task.track(seeds):
        path = task.out / f"{seed:06d}.{task.format}"
        kept = path.exists() and not overwrite
        if not kept:
            (picture,) = task.sampler.sample(1, seed, task.truncation)
            images.write(path, picture)
        if len(sheet) < SHEET:
            sheet.append(task.sampler.output.show(images.read(path) if kept else picture))
        rows.append(Row(seed, path.as_posix(), "kept" if kept else "done"))
    if sheet:
        columns = ceil(sqrt(len(sheet)))
        lines = [sheet[first : first + columns] for first in range(0, len(sheet), columns)]
        images.write(task.out / "grid.png", images.grid(lines))
    return rows


def walked(task: Task, way: Interpolation, kind: str) -> dict[str, Any]:
    """The frames of an interpolation, and where it can be their animation; what was done."""
    sampler, out = task.sampler, task.out
    latents = way.latents(sampler, task.truncation)
    shown: list[Picture] = []
    with files.folder(out / "frames", replace=True) as folder:
        for i in task.track(range(len(latents))):
            (picture,) = sampler.draw(latents[i][None])
            images.write(folder / f"{i:04d}.{task.format}", picture)
            shown.append(sampler.output.show(picture))
    name = None
    if animates(sampler.output.dtype, sampler.output.channels):
        name = f"interpolation.{kind}"
        files.write(out / name, encoded(shown, kind, FRAME))
        task.tell(f"{out / name}: {len(shown)} frames")
    else:
        made = f"{sampler.output.dtype} in {sampler.output.channels} channels"
        task.tell(f"note: {made} cannot be animated; {out / 'frames'} has {len(shown)} pictures")
    return way._asdict() | {"count": len(shown), "animation": name}


def counted(task: Task, terms: Sequence[Term]) -> dict[str, Any]:
    """An arithmetic's strip and its result; what was done."""
    result = computed(task.sampler, terms, task.truncation)
    path = task.out / f"result.{task.format}"
    images.write(path, result.picture)
    images.write(task.out / "arithmetic.png", strip(task.sampler, terms, result))
    task.tell(f"{path}: {' '.join(map(str, terms)).removeprefix('+ ')}")
    return {"terms": [term._asdict() for term in terms], "output": path.as_posix()}
