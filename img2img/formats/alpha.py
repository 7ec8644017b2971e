"""Alpha: colours over white, colours unmixed, and colours for what is hidden."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from img2img.formats.pixels import Picture, as_dtype, top


def over_white(picture: Picture, alpha: Picture) -> Picture:
    """What one sees on white paper, (H, W, C): picture * alpha + white * (1 - alpha)."""
    if picture.dtype.kind == "f":
        seen = np.where(alpha > 0, picture, 0)  # 0 * nan would show
        return np.asarray(seen * alpha + (1 - alpha))
    white = np.uint32(top(picture.dtype))
    share = alpha.astype(np.uint32)
    # at most white^2 + white / 2, which uint32 holds for 16 bit, too
    mixed = (picture * share + white * (white - share) + white // 2) // white
    return mixed.astype(picture.dtype)


def unmixed(picture: Picture, alpha: Picture) -> Picture:
    """The colours of a picture that was multiplied by its alpha (H, W, 1); black where it is 0."""
    share = alpha / top(alpha.dtype)
    return as_dtype(np.where(share > 0, picture / np.where(share > 0, share, 1), 0), picture.dtype)


def filled(picture: Picture, alpha: Picture) -> Picture:
    """The picture with colours that fade in from around it where alpha is 0; white if all is 0.

    Visible pixels stay as they are. The fill is a pull-push pyramid (Gortler et al. 1996, The
    Lumigraph, section 3.4): means over ever larger blocks, weighted by alpha.
    """
    hidden = alpha == 0
    known = ~hidden & np.isfinite(picture).all(axis=2, keepdims=True)
    if not hidden.any():
        return picture
    if not known.any():
        return np.where(hidden, np.asarray(top(picture.dtype), picture.dtype), picture)
    weights = np.where(known, alpha, 0).astype(np.float32) / np.float32(top(alpha.dtype))
    sums = np.where(known, picture, 0).astype(np.float32) * weights
    return np.where(hidden, as_dtype(_spread(sums, weights), picture.dtype), picture)


def _spread(sums: NDArray[np.float32], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Means, sums / weights; where no weight is, those of the level above, without edges."""
    means = np.divide(sums, weights, out=np.zeros_like(sums), where=weights > 0)
    if weights.all():
        return means
    coarse = _spread(_halved(sums), _halved(weights))
    height, width = weights.shape[:2]
    box = (0, 0, width / 2, height / 2)  # without the odd border
    bands = [
        np.asarray(Image.fromarray(band).resize((width, height), Image.Resampling.BILINEAR, box))
        for band in np.moveaxis(coarse, 2, 0)
    ]
    return np.where(weights > 0, means, np.stack(bands, axis=2))


def _halved(sums: NDArray[np.float32]) -> NDArray[np.float32]:
    """Sums over blocks of 2 x 2 pixels, at an odd border over fewer."""
    height, width = sums.shape[:2]
    even = np.pad(sums, ((0, height % 2), (0, width % 2), (0, 0)))
    rows = even[::2] + even[1::2]
    return rows[:, ::2] + rows[:, 1::2]
