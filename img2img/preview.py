"""preview: a sheet of what the networks really see."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from img2img import images
from img2img.base import draws
from img2img.base.diffaugment import diff_augment
from img2img.config import Config
from img2img.data.keys import Key
from img2img.images import Encoding
from img2img.modes import find_mode
from img2img.run.configuring import adapted, configured
from img2img.run.sources import Source, open_source

Cell = tuple[str, NDArray[np.uint8]]


def preview(out: Path | str, mode: str = "cyclegan", *, rows: int = 8, **options: Any) -> Path:
    """Draw the first `rows` samples of a run's first epoch into the picture `out`.

    Beside each input as it is without chance stands what chance makes of it, its partner, the mask
    where there is one, and what D sees of them where that is augmented too. `options` are those of
    `train`.

    Raises:
        ValueError: an option or a picture is at fault.
    """
    config = configured(mode, options)
    source = open_source(config, find_mode(config.mode).paired)
    config, _ = adapted(config, source)
    lines = [[*cells(config, source, number)] for number in range(rows)]
    titles = [title for title, _ in lines[0]]
    images.write(Path(out), images.grid([[cell for _, cell in line] for line in lines], titles))
    return Path(out)


def cells(config: Config, source: Source, number: int) -> Iterator[Cell]:
    """One sample, from the left to the right."""
    train = source.splits["train"]
    sample = train.sample(Key(config.seed, *divmod(number, len(train))))
    x, y = source.encodings
    names = ("input", "target") if hasattr(sample, "mask") else ("x", "y")
    yield f"{names[0]}, still", shown(train.still(sample.index).x, x)
    yield names[0], shown(sample.x, x)
    if hasattr(sample, "y"):
        yield names[1], shown(sample.y, y)
    for field in ("mask", "mask_x", "mask_y"):
        mask = getattr(sample, field, None)
        if mask is not None:
            yield field.replace("_", " of "), (mask[0].numpy()[..., None] * 255).astype(np.uint8)
    if config.discriminator.augment:
        draws.begin(draws.Position(config.seed, number, "D"))
        both = [values for values in (sample.x, getattr(sample, "y", None)) if values is not None]
        yield from augmented(both, (x, y), config.discriminator.augment)


def augmented(
    values: list[Tensor], encodings: tuple[Encoding, Encoding], policy: Sequence[Any]
) -> Iterator[Cell]:
    """What D sees of a sample's pictures."""
    seen, _ = diff_augment(policy)(torch.cat(values)[None], None)
    parts = torch.split(seen[0], [len(each) for each in values])
    for title, part, encoding in zip(("D: input", "D: target"), parts, encodings, strict=False):
        yield title, shown(part.clamp(-1, 1), encoding)


def shown(values: Tensor, encoding: Encoding) -> NDArray[np.uint8]:
    """Values (C, H, W) for the eye."""
    return encoding.show(encoding.decode(values.numpy()))
