"""Which file goes where, and in which format, when pictures are made."""

import hashlib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from img2img import images
from img2img.config import UsageError
from img2img.images import Encoding

FORMATS = ("png", "jpg", "webp", "tiff", "npy")
LONGEST = 200  # bytes of a stem


class Job(NamedTuple):
    """One picture's way."""

    path: Path
    name: str
    """Its path below the input folder."""
    outputs: tuple[Path, ...]


def planned(source: Path, out: Path, *, format: str, samples: int) -> list[Job]:
    """A job for every picture of `source`, a picture or a folder, in natural order.

    Names mirror the input's tree and stems. Two that differ by suffix alone, or in what some disks
    do not tell apart, get `~` and eight digits of a hash of their whole name.

    Raises:
        UsageError: an unknown format, no samples, or a picture to go to what is neither a picture's
            name nor a folder.
        ValueError: no pictures there, or an output upon the input.
    """
    check_format(format)
    if samples < 1:
        raise UsageError(f"{samples} samples cannot be drawn; choose 1 or more")
    if not source.exists():
        raise ValueError(f"there is no {source}; give a picture or a folder of pictures")
    single = not source.is_dir()
    paths = [source] if single else images.find(source)
    if not paths:
        raise ValueError(f"no pictures in {source}; their suffixes are {' '.join(images.SUFFIXES)}")
    if not single and out.exists() and out.resolve() == source.resolve():
        raise ValueError(f"{out} is the input folder too; give another output folder")
    if not single and out.is_file():
        raise ValueError(f"{out} is a file, but {source} a folder; give a folder for its pictures")
    if not single and out.resolve().is_relative_to(source.resolve()):
        inside = out.resolve()  # what an earlier call left there is no input
        paths = [path for path in paths if not path.resolve().is_relative_to(inside)]
    if single and out.suffix.lower() in images.SUFFIXES and not out.is_dir():
        names = [out.name]
        root, out = source.parent, out.parent
    elif single and not out.is_dir() and (out.suffix or out.exists()):
        endings = ", ".join(f".{format}" for format in FORMATS)
        raise UsageError(
            f"{out} is no picture's name; end it in one of {endings}, or give a folder"
        )
    else:
        root = source.parent if single else source
        names = distinct([path.relative_to(root) for path in paths], format)
    jobs = [
        Job(path, path.relative_to(root).as_posix(), numbered(out / name, samples))
        for path, name in zip(paths, names, strict=True)
    ]
    inputs = {path.resolve() for path in paths}
    for output in (output for job in jobs for output in job.outputs):
        if output.resolve() in inputs:
            raise ValueError(f"{output} is an input too; give another output")
    return jobs


def check_format(format: str) -> None:
    """Raise UsageError unless pictures are written in it."""
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}; choose from {', '.join(FORMATS)}")


def fitting(made: Encoding) -> str:
    """The format that holds what a network makes."""
    return "png" if images.holds(".png", made.dtype, made.channels) else "tiff"


def check_holds(path: Path, made: Encoding) -> None:
    """Raise UsageError now, not file by file, if what a network makes does not fit the format."""
    if not images.holds(path.suffix.lower(), made.dtype, made.channels):
        kind = f"{made.dtype} in {made.channels} channels"
        raise UsageError(
            f"{path.suffix} does not hold {kind}, as this network makes; use tiff or npy"
        )


def distinct(paths: list[Path], format: str) -> list[str]:
    """A name of its own for every path, below the output folder."""
    stems = [path.with_suffix("").as_posix() for path in paths]
    twins = Counter(folded(stem) for stem in stems)
    names = []
    for path, stem in zip(paths, stems, strict=True):
        digest = hashlib.sha256(path.as_posix().encode(errors="surrogateescape")).hexdigest()[:8]
        short = len(path.stem.encode(errors="surrogateescape")) <= LONGEST
        if twins[folded(stem)] > 1 or not short:
            last = path.stem if short else path.stem[: LONGEST // 4]
            stem = (path.parent / f"{last}~{digest}").as_posix()
        names.append(f"{stem}.{format}")
    return names


def folded(name: str) -> str:
    """Equal for names that some disks take for one."""
    return unicodedata.normalize("NFC", name).casefold()


def numbered(path: Path, samples: int) -> tuple[Path, ...]:
    """The path itself, or stem_0, stem_1, ... for several samples."""
    if samples == 1:
        return (path,)
    return tuple(path.with_name(f"{path.stem}_{i}{path.suffix}") for i in range(samples))


def printable(text: str) -> str:
    """Without control characters or broken bytes, fit for a terminal."""
    clean = text.encode(errors="backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in clean)
