"""Thumbnails: small pictures as data URIs."""

from base64 import b64encode
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image

from img2img.page.markup import Markup, tag
from img2img.page.parts import Shown

EDGE = 256  # pixels of the longer side, at most
TINY = 64  # pixels of the longer side; they are enlarged without blur
FLAT = 32  # colours, at most, of what is drawn and no photograph
QUALITY = 80  # of WebP: about what 85 is of JPEG


class Thumbnail(NamedTuple):
    """A picture that is encoded."""

    uri: Markup
    width: int
    height: int
    sharp: bool
    """Its pixels are to be seen."""

    def image(self, alt: str) -> Markup:
        """The element that shows it."""
        kind = "sharp" if self.sharp else None
        size = {"width": self.width, "height": self.height}
        return tag("img", src=self.uri, alt=alt, **size, class_=kind, decoding="async")


def thumbnail(picture: Shown, edge: int = EDGE) -> Thumbnail:
    """The picture with sides of `edge` pixels at most: PNG if it is tiny or flat, WebP else.

    Raises:
        ValueError: it is not uint8 (H, W, 3), or empty.
    """
    if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
        raise ValueError(f"a page shows uint8 (H, W, 3), not {picture.dtype} {picture.shape}")
    whole = Image.fromarray(np.ascontiguousarray(picture))
    longer = max(whole.size)
    width, height = (max(1, round(side * min(1, edge / longer))) for side in whole.size)
    small = whole.resize((width, height), Image.Resampling.NEAREST)
    flat = small.getcolors(FLAT) is not None
    if not flat:  # mixed colours would be none of a label map's
        small = whole.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3)
    file, plain = BytesIO(), flat or longer <= TINY
    if plain:
        small.save(file, "PNG", optimize=True)
    else:
        small.save(file, "WEBP", quality=QUALITY)
    kind, data = "png" if plain else "webp", b64encode(file.getvalue()).decode()
    return Thumbnail(Markup(f"data:image/{kind};base64,{data}"), width, height, longer <= TINY)
