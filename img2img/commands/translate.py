"""translate."""

from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from img2img.commands.asking import Direction, say, tracked


def translate(
    model: Path,
    source: Path,
    out: Path,
    /,
    *,
    direction: Direction | None = None,
    scale: str | None = None,
    samples: int = 1,
    noise: Literal["file", "shared"] = "file",
    format: str | None = None,
    icc: Literal["srgb", "keep"] = "srgb",
    overwrite: bool = False,
    batch_norm: Literal["image", "running"] | None = None,
    dropout: Literal["off", "on"] = "off",
    ensemble: Annotated[bool, Parameter(negative="")] = False,
    device: str = "auto",
) -> int:
    """Translate a picture, or every picture of a folder.

    Parameters
    ----------
    model
        A run, a generator's .safetensors file, or builtin:sr-x2 or builtin:sr-x4, which enlarge.
    source
        A picture or a folder.
    out
        A folder, which mirrors the input's tree and gets a report.json; or one picture's name.
    direction
        Which of a CycleGAN's generators.
    scale
        train: resized to the size trained at, and back; native: as it is; or a factor. For a
        model that enlarges, the factor is how many times larger the output is.
    samples
        Outputs for each input, by dropout of other seeds.
    noise
        Each file's own, or shared by all: the frames of a film do not flicker.
    format
        png, jpg, webp, tiff or npy; png where it holds the outputs, else tiff, unless given.
    icc
        Colours become sRGB, or keep their profile, which goes on into the outputs.
    overwrite
        Replace outputs that stand already, instead of keeping them.
    batch_norm
        Statistics of each picture (the papers' way, the default but for models that enlarge) or
        those kept in training.
    dropout
        The papers leave it on at translation; its noise is seeded per file.
    ensemble
        Take the mean over the eight flips and turns of each picture: better, and eight times
        slower.
    device
        auto, cpu, cuda, cuda:N or mps.
    """
    from img2img.translate import translate as verb

    rows = verb(
        model, source, out, direction=direction, scale=as_scale(scale), samples=samples,
        noise=noise, format=format, icc=icc, overwrite=overwrite, batch_norm=batch_norm,
        dropout=dropout == "on", ensemble=ensemble, device=device, tell=say, track=tracked,
    )  # fmt: skip
    counts = {status: sum(row.status == status for row in rows) for status in
              ("done", "kept", "rejected")}  # fmt: skip
    say(f"{out}: " + ", ".join(f"{n} {status}" for status, n in counts.items() if n))
    return 3 if counts["rejected"] else 0


def as_scale(text: str | None) -> Any:
    """A factor as a number, and words as they are."""
    try:
        return float(text or "")
    except ValueError:
        return text
