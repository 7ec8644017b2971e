"""translate: a picture or a whole folder through a generator."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal, NamedTuple

from img2img import files, images
from img2img.base.runtime import out_of_memory
from img2img.generator import Generator, Scale
from img2img.images import Layers, Picture
from img2img.models import load_translator
from img2img.naming import Job, check_holds, fitting, planned, printable

AHEAD = 4  # pictures that are read before they are needed
REPORT = "report.json"


Way = tuple[Job, Job]
"""A picture's job, and the one to do instead where the format of the first cannot hold it."""


class Kept(NamedTuple):
    """Outputs that stood there already."""

    outputs: tuple[Path, ...]


class Row(NamedTuple):
    """What became of one picture."""

    input: str
    outputs: list[str]
    status: Literal["done", "kept", "rejected"]
    """kept: the outputs stood there already."""
    size: tuple[int, int] | None = None
    """Width and height of the outputs in pixels."""
    error: str | None = None


def translate(
    model: Path | str,
    source: Path | str,
    out: Path | str,
    *,
    direction: Literal["AtoB", "BtoA"] | None = None,
    scale: Scale | None = None,
    samples: int = 1,
    noise: Literal["file", "shared"] = "file",
    format: str | None = None,
    icc: Literal["srgb", "keep"] = "srgb",
    overwrite: bool = False,
    batch_norm: Literal["image", "running"] | None = None,
    dropout: bool = False,
    ensemble: bool = False,
    device: str = "auto",
    tell: Callable[[str], None] = lambda line: None,
    track: Callable[[Sequence[Job]], Iterable[Job]] = iter,
) -> list[Row]:
    """Translate `source`, a picture or a folder, into the folder `out`, which mirrors its tree.

    One picture may go to a picture's path too. Of a folder OUT/report.json lists every file; a
    picture that cannot be used is rejected by name and the rest goes on. Outputs have the depth and
    channels of the domain they are of, or of their input where they are enlarged, in PNG where that
    holds them, else in TIFF, unless a `format` is given; transparency is kept aside and put back.
    With `samples` above 1 dropout is on and outputs are numbered; its noise is each file's own, or
    `shared` by all, as the frames of a film need it. `ensemble` takes the mean over eight flips and
    turns. Colours become sRGB; `icc` keep leaves them in their profile, which goes on into the
    output. `tell` hears what is to be said, `track` follows the files.

    Raises:
        ValueError: there are no pictures, no such model, or the output would overwrite the input.
        OSError: the output cannot be written.
    """
    source, out = Path(source), Path(out)
    jobs = planned(source, out, format=format or "png", samples=samples)
    generator = load_translator(
        model, direction=direction, device=device, scale=scale, batch_norm=batch_norm,
        dropout=dropout or samples > 1, ensemble=ensemble,
    )  # fmt: skip
    deep: dict[str, Job] = {}  # the jobs of pictures that are too deep for PNG, by name
    if generator.enlarges > 1:  # outputs are of their inputs' kinds
        if format is None:
            tiff = planned(source, out, format="tiff", samples=samples)
            deep = {job.name: job for job in tiff}
    else:
        if format is None:
            jobs = planned(source, out, format=fitting(generator.output), samples=samples)
        check_holds(jobs[0].outputs[0], generator.output)
    tell(described(generator, len(jobs)))
    if generator.dropout and not generator.draws:
        tell("note: this network has no dropout; it makes the same picture of an input every time")
    files.check_writable(jobs[0].outputs[0].parent)
    with ThreadPoolExecutor(1) as pool:  # one: the readers' warning filters are not thread-safe
        ways = [(job, deep.get(job.name, job)) for job in jobs]
        pictures = ahead(pool, ways, overwrite, icc)
        rows = [
            process(generator, way, next(pictures), tell, "" if noise == "shared" else way[0].name)
            for way, _ in zip(ways, track(jobs), strict=True)
        ]
    if source.is_dir():
        write_report(out, generator, rows)
    return rows


def ahead(
    pool: ThreadPoolExecutor, ways: Sequence[Way], overwrite: bool, icc: Literal["srgb", "keep"]
) -> Iterator[Layers | Exception | Kept]:
    """Each job's picture, read a little before its turn."""
    waiting: deque[Future[Layers | Exception | Kept]] = deque()
    for way in ways:
        waiting.append(pool.submit(opened, way, overwrite, icc))
        if len(waiting) > AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def opened(way: Way, overwrite: bool, icc: Literal["srgb", "keep"]) -> Layers | Exception | Kept:
    """The picture, what is wrong with it, or the outputs that stand already."""
    for job in () if overwrite else way:
        if all(path.exists() for path in job.outputs):
            return Kept(job.outputs)
    try:
        return images.read_layers(way[0].path, icc=icc)
    except (ValueError, OSError, MemoryError) as error:
        return error


def process(
    generator: Generator,
    way: Way,
    layers: Layers | Exception | Kept,
    tell: Callable[[str], None],
    key: str,
) -> Row:
    """Translate one picture, write it, and say what became of it; `key` seeds its noise."""
    job = way[0]
    if isinstance(layers, Kept):
        return Row(job.name, named(layers.outputs), "kept")
    try:
        if isinstance(layers, Exception):
            raise layers
        if generator.enlarges > 1:
            job = suited(way, layers.picture)
        made = [generator(layers.picture, seed=i, key=key) for i in range(len(job.outputs))]
    except (ValueError, OSError, MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and not out_of_memory(error):
            raise
        text = short(layers) if out_of_memory(error) else str(error)
        text = text.removeprefix(f"cannot read {job.path}: ")  # the row names it already
        reason = printable(" ".join(text.split()))
        tell(f"rejected: {printable(job.name)}: {reason}")
        return Row(job.name, [], "rejected", error=reason)
    alpha = layers.alpha
    for path, result in zip(job.outputs, made, strict=True):
        shared = None if alpha is None else layer(alpha, result)
        # of another depth, which was converted to sRGB, or of classes it would be a lie
        kept = generator.output.kind == "image" and result.dtype == layers.picture.dtype
        images.write(path, result, alpha=shared, profile=layers.profile if kept else None)
    height, width = made[0].shape[:2]
    return Row(job.name, named(job.outputs), "done", (width, height))


def named(paths: Sequence[Path]) -> list[str]:
    """The paths as reports have them."""
    return [path.as_posix() for path in paths]


def short(layers: Layers | Exception | Kept) -> str:
    """That memory does not suffice for a picture, or for reading it."""
    if not isinstance(layers, Layers):
        return "not enough memory"
    height, width = layers.picture.shape[:2]
    return f"not enough memory for {width} x {height}; cut it into parts, or try another --device"


def layer(alpha: Picture, of: Picture) -> Picture:
    """The alpha in the depth and the size of a picture."""
    resized = images.resize(alpha, of.shape[1], of.shape[0])
    if resized.dtype.kind == "f":  # bicubic overshoots what floats do not clip by themselves
        resized = resized.clip(0, 1)
    return images.as_depth(resized, of.dtype)


def suited(way: Way, picture: Picture) -> Job:
    """The first of the jobs whose format holds pictures of this one's kind.

    Raises:
        ValueError: none does.
    """
    kind = picture.dtype.name, picture.shape[2]
    for job in way:
        if images.holds(job.outputs[0].suffix.lower(), *kind):
            return job
    said = f"{way[0].outputs[0].suffix} does not hold {kind[0]} in {kind[1]} channels"
    raise ValueError(f"{said}; choose --format tiff or npy")


def described(generator: Generator, count: int) -> str:
    """How the pictures will be translated, in a line."""
    native = generator.scale == "native" or (generator.scale, generator.resize) == ("train", "none")
    scale = (
        grown(generator) if generator.enlarges > 1
        else "at their own size" if native
        else f"resized to the {generator.size} pixels trained at, and back"
        if generator.scale == "train"
        else f"resized by {generator.scale:g}, and back"
    )  # fmt: skip
    dropout = "on" if generator.dropout else "off"
    scale += ", mean of 8 flips and turns" * generator.ensemble
    pictures = f"{count} picture{'s' * (count > 1)}"
    if generator.enlarges > 1:
        return f"{pictures}, {scale}; {generator.device}"
    return (
        f"{pictures}, {generator.metadata['direction']}, {scale};"
        f" batch norm {generator.batch_norm}, dropout {dropout}; {generator.device}"
    )


def grown(generator: Generator) -> str:
    """How much larger the outputs are."""
    said = f"enlarged {generator.enlarges} times"
    if isinstance(generator.scale, float | int):
        said += f", then resized to {generator.scale:g} times"
    return said


def write_report(out: Path, generator: Generator, rows: Sequence[Row]) -> None:
    """OUT/report.json: the generator, and a row for every file."""
    report: dict[str, Any] = {
        "generator": generator.metadata,
        "scale": generator.scale,
        "batch_norm": generator.batch_norm,
        "dropout": generator.dropout,
        "ensemble": generator.ensemble,
        "files": [row._asdict() for row in rows],
    }
    files.write(out / REPORT, json.dumps(report, indent=1, sort_keys=True).encode())
