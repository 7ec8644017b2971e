"""Degradation: what photographs go through before they are small (Real-ESRGAN, Wang et al. 2021).

Blur, resize, noise and JPEG, twice over, in the order of figure 2 and realesrgan_model.py, where
the odds of the end stand too. It differs in three things: JPEG is Pillow's, of whole qualities; an
area that grows is interpolated, as OpenCV does; and the target is not sharpened before.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from img2img.data.blur import Kernel, drawn, drawn_sinc
from img2img.data.library import opencv
from img2img.data.rounds import FIRST, SECOND, Round
from img2img.formats.pixels import squeezed
from img2img.images import Picture, to_channels

Values = NDArray[np.float32]  # (H, W, C) in [0, 1], or somewhat beyond it after a filter

FINAL_SINC = 0.8  # how often the end has one (final_sinc_prob)
SINC_FIRST = 0.5  # how often it comes before the last JPEG
METHODS = ("INTER_AREA", "INTER_LINEAR", "INTER_CUBIC")  # none antialiases but the first


def degraded(high: Picture, scale: int, rng: np.random.Generator) -> Picture:
    """uint8 (H, W, C) of 1 or 3 channels to uint8 (H / scale, W / scale, C), worn by chance.

    `rng` alone decides.

    Raises:
        ValueError: the picture is of another kind, or its sides are no multiples of `scale`.
    """
    _check(high, scale)
    height, width = (side // scale for side in high.shape[:2])
    picture = (high / np.float32(255)).astype(np.float32)
    picture = compressed(worn(picture, FIRST, high.shape[:2], rng), FIRST, rng)
    picture = worn(picture, SECOND, (height, width), rng)
    filter_last = rng.random() >= SINC_FIRST
    kernel = drawn_sinc(rng) if rng.random() < FINAL_SINC else None
    if filter_last:
        picture = compressed(picture, SECOND, rng)
    picture = resized(picture, (height, width), rng)
    picture = picture if kernel is None else blurred(picture, kernel)
    if not filter_last:
        picture = compressed(picture, SECOND, rng)
    return np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)


def worn(picture: Values, round: Round, size: tuple[int, int], rng: np.random.Generator) -> Values:
    """Blurred, resized to a factor of `size` (height, width) and noisy."""
    if rng.random() < round.blur:
        picture = blurred(picture, drawn(rng, round.sigma))
    factor = drawn_factor(round, rng)
    picture = resized(picture, (int(size[0] * factor), int(size[1] * factor)), rng)
    return noisy(picture, round, rng)


def drawn_factor(round: Round, rng: np.random.Generator) -> float:
    """By which a picture is resized."""
    low, high = ((1, round.factor[1]), (round.factor[0], 1), (1, 1))[rng.choice(3, p=round.resize)]
    return float(rng.uniform(low, high))


def blurred(picture: Values, kernel: Kernel) -> Values:
    """Filtered, what lies outside being mirrored."""
    cv2 = opencv()
    made = cv2.filter2D(picture, -1, kernel, borderType=cv2.BORDER_REFLECT_101)
    return np.asarray(made).reshape(picture.shape)  # OpenCV drops a channel that is alone


def resized(picture: Values, size: tuple[int, int], rng: np.random.Generator) -> Values:
    """At another size (height, width), of a pixel at least, by any method."""
    cv2 = opencv()
    height, width = (max(1, side) for side in size)
    method = getattr(cv2, METHODS[rng.integers(len(METHODS))])
    made = cv2.resize(picture, (width, height), interpolation=method)
    return np.asarray(made).reshape(height, width, picture.shape[2])


def noisy(picture: Values, round: Round, rng: np.random.Generator) -> Values:
    """With Gaussian or Poisson noise, of each channel its own or of all the same; clipped."""
    gauss, gray = rng.random() < round.gaussian, rng.random() < round.gray
    if gauss:
        shape = (*picture.shape[:2], 1) if gray else picture.shape
        noise = rng.uniform(*round.deviation) / 255 * rng.standard_normal(shape, np.float32)
    else:
        seen = to_channels(picture, 1) if gray else picture
        noise = rng.uniform(*round.strength) * shot_noise(seen, rng)
    return np.clip(picture + noise, 0, 1).astype(np.float32)


def shot_noise(picture: Values, rng: np.random.Generator) -> Values:
    """What light of as many quanta as the picture has levels, to a power of 2, is off by."""
    rounded = np.rint(np.clip(picture, 0, 1) * 255) / 255
    quanta = 2 ** np.ceil(np.log2(len(np.unique(rounded))))
    noise: Values = (rng.poisson(rounded * quanta) / quanta - rounded).astype(np.float32)
    return noise


def compressed(picture: Values, round: Round, rng: np.random.Generator) -> Values:
    """As JPEG gives it back, the chroma of half the size."""
    low, high = round.quality
    levels = np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    quality, file = int(rng.integers(low, high, endpoint=True)), BytesIO()
    Image.fromarray(squeezed(levels)).save(file, "JPEG", quality=quality, subsampling="4:2:0")
    seen = np.asarray(Image.open(file, formats=["JPEG"]), np.float32)
    return np.atleast_3d(seen) / np.float32(255)


def _check(high: Picture, scale: int) -> None:
    if high.dtype != np.uint8 or high.ndim != 3 or high.shape[2] not in (1, 3):
        kind = f"{high.dtype} {high.shape}"
        raise ValueError(f"what is degraded is uint8 (H, W, 1 or 3), not {kind}; convert it")
    height, width = high.shape[:2]
    if scale < 1 or height % scale or width % scale or not height * width:
        raise ValueError(
            f"{width} x {height} pixels are no multiple of the scale {scale}; crop the picture"
        )
