"""Animations: pictures after one another in a GIF or a WebP file."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
from PIL import Image

from img2img.formats.pixels import Picture, squeezed

ANIMATED: dict[str, dict[str, Any]] = {
    "gif": {"format": "GIF", "optimize": False},
    "webp": {"format": "WEBP", "quality": 95},
}


def animates(dtype: str, channels: int) -> bool:
    """Whether an animation can be made of such pictures."""
    return dtype == "uint8" and channels in (1, 3)


def encoded(frames: Sequence[Picture], kind: str, milliseconds: int) -> bytes:
    """A GIF or WebP that shows each picture so long, over and over; (H, W, 1 or 3) uint8.

    A GIF has 256 colours a frame. Frames that the eye cannot tell apart may become a longer one.

    Raises:
        ValueError: another kind of file or of pictures.
    """
    if kind not in ANIMATED:
        raise ValueError(f"unknown animation {kind!r}; choose from {', '.join(ANIMATED)}")
    for frame in frames:
        if not animates(frame.dtype.name, frame.shape[2]):
            given = f"{frame.dtype} in {frame.shape[2]} channels"
            raise ValueError(f"no animation holds {given}; give uint8, gray or RGB")
    first, *others = [Image.fromarray(squeezed(np.ascontiguousarray(frame))) for frame in frames]
    file = BytesIO()
    first.save(
        file, save_all=True, append_images=others, duration=milliseconds, loop=0, **ANIMATED[kind]
    )
    return file.getvalue()
