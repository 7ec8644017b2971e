"""generate."""

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from img2img.commands.asking import say, tracked


def generate(
    model: Path,
    out: Path,
    /,
    *,
    count: int = 16,
    seed: int = 0,
    truncation: float | None = None,
    format: str | None = None,
    interpolate: Annotated[tuple[int, ...], Parameter(negative="")] = (),
    frames: int = 30,
    path: Literal["spherical", "linear"] = "spherical",
    animation: Literal["gif", "webp"] = "gif",
    loop: Annotated[bool, Parameter(negative="")] = False,
    arithmetic: str | None = None,
    device: str = "auto",
    overwrite: bool = False,
) -> int:
    """Draw pictures from noise, by seed: the same seed, the same picture.

    Parameters
    ----------
    model
        A run of a mode that draws from noise, or its generator's .safetensors file.
    out
        A folder, which gets a picture for each seed, grid.png and report.json.
    count
        How many pictures; 0 where only an interpolation or arithmetic is wanted.
    seed
        Of the first picture; the others' follow it.
    truncation
        Draw noise beyond this again: 2 to 0.04 make pictures better, and more alike.
    format
        png, jpg, webp, tiff or npy; png where it holds the outputs, else tiff, unless given.
    interpolate
        Seeds to go through from one to the next, into frames/ and an animation.
    frames
        Pictures of a stretch between two seeds, those of the seeds among them.
    path
        spherical keeps the noise as long as the network knows it; linear goes straight.
    animation
        gif or webp.
    loop
        Go back to the first seed at the end.
    arithmetic
        Such as "1,2,3 - 4,5 + 6,7": each operand is the mean noise of its seeds.
    device
        auto, cpu, cuda, cuda:N or mps.
    overwrite
        Replace what stands already, instead of keeping it, or refusing what is of another origin.
    """
    from img2img.generate import generate as verb

    rows = verb(
        model, out, count=count, seed=seed, truncation=truncation, format=format,
        interpolate=interpolate, frames=frames, path=path, animation=animation, loop=loop,
        arithmetic=arithmetic, device=device, overwrite=overwrite, tell=say, track=tracked,
    )  # fmt: skip
    counts = {it: sum(row.status == it for row in rows) for it in ("done", "kept")}
    if rows:
        say(f"{out}: " + ", ".join(f"{n} {status}" for status, n in counts.items() if n))
    return 0
