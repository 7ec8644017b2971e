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
from img2img.base.diffaugment import Policy, diff_augment
from img2img.config import Config, UsageError
from img2img.data.keys import Key
from img2img.data.samples import Resolutions
from img2img.images import Encoding
from img2img.modes import find_mode
from img2img.run.configuring import adapted, configured
from img2img.run.fitting import check_size
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
    out = Path(out)
    if rows < 1:
        raise UsageError(f"--rows {rows}: a sheet has a row at least; choose 1 or more")
    if not images.holds(out.suffix.lower(), "uint8", 3):
        endings = ".png, .jpg, .webp or .tif"
        raise UsageError(f"{out} is no picture's name; end it in one of {endings}")
    config = configured(mode, options)
    check_size(config)
    source = open_source(config, find_mode(config.mode).paired)
    config, _ = adapted(config, source)
    lines = [[*cells(config, source, number)] for number in range(rows)]
    titles = [title for title, _ in lines[0]]
    images.write(out, images.grid([[cell for _, cell in line] for line in lines], titles))
    return out


def cells(config: Config, source: Source, number: int) -> Iterator[Cell]:
    """One sample, from the left to the right."""
    train = source.splits["train"]
    sample = train.sample(Key(config.seed, *divmod(number, len(train))))
    x, y = source.encodings
    if isinstance(sample, Resolutions):
        yield from resolutions(config, sample, train.still(sample.index), y, number)
        return
    pair = hasattr(sample, "mask")
    names = ("input", "target") if pair else ("x", "y")
    yield f"{names[0]}, still", shown(train.still(sample.index).x, x)
    yield names[0], shown(sample.x, x)
    if hasattr(sample, "y"):
        yield names[1], shown(sample.y, y)
    for field in ("mask", "mask_x", "mask_y"):
        mask = getattr(sample, field, None)
        if mask is not None:
            yield field.replace("_", " of "), (mask[0].numpy()[..., None] * 255).astype(np.uint8)
    policy = config.discriminator.augment
    if policy:
        draws.begin(draws.Position(config.seed, number, "D"))
        seen = together(sample, policy) if pair else apart(sample, policy)
        for name, values, encoding in zip(names, seen, (x, y), strict=False):
            yield f"D: {name}", shown(values.clamp(-1, 1), encoding)


def resolutions(
    config: Config, sample: Resolutions, still: Resolutions, encoding: Encoding, number: int
) -> Iterator[Cell]:
    """A sample of two resolutions: the sheet enlarges the low one without blur."""
    yield "input, still", shown(still.low, encoding)
    yield "input", shown(sample.low, encoding)
    yield "target", shown(sample.high, encoding)
    if sample.mask is not None:
        yield "mask", (sample.mask[0].numpy()[..., None] * 255).astype(np.uint8)
    policy = config.discriminator.augment
    if policy:
        draws.begin(draws.Position(config.seed, number, "D"))
        seen, _ = diff_augment(policy)(sample.high[None], None)
        yield "D: target", shown(seen[0].clamp(-1, 1), encoding)


def together(pair: Any, policy: Sequence[Policy]) -> Sequence[Tensor]:
    """What D sees of a pair: both as one picture, and of the target what is not hidden."""
    target = pair.y if pair.mask is None else pair.y * pair.mask
    seen, _ = diff_augment(policy)(torch.cat([pair.x, target])[None], None)
    return torch.split(seen[0], [len(pair.x), len(pair.y)])


def apart(sample: Any, policy: Sequence[Policy]) -> Sequence[Tensor]:
    """What each domain's own D sees."""
    augment = diff_augment(policy)
    both = [values for values in (sample.x, getattr(sample, "y", None)) if values is not None]
    return [augment(values[None], None)[0][0] for values in both]


def shown(values: Tensor, encoding: Encoding) -> NDArray[np.uint8]:
    """Values (C, H, W) for the eye."""
    return encoding.show(encoding.decode(values.numpy()))
