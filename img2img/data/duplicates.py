"""Duplicates: pictures that show the same scene, found by the signs of their cosine transform."""

from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from img2img.images import Picture

WORDS = 4  # uint64 of a hash: 256 bits
BITS = 42  # copies differ in less, other scenes in more: tests/data/test_duplicates.py
SIDE = 32  # pixels that a picture is shrunk to
SILENT = 0.03  # coefficients below say nothing: about the noise of rounding to 8 bits
BLOCK = 2**22  # distances held at a time

Hash = NDArray[np.uint64]  # (WORDS,)


def perceptual_hash(picture: Picture) -> Hash:
    """256 bits that stay nearly the same when a picture is re-encoded, resized or brightened.

    A bit is the sign of one of the 256 lowest frequencies of the shrunken luminance, the mean
    excepted (the DCT hash of Zauner 2010, with four times the bits). A frequency that is absent
    takes its bit from a checksum of the pixels, so that flat and plain pictures, which have few,
    resemble their exact copies alone.
    """
    coefficients = _cosines() @ _shrunken(picture) @ _cosines().T
    lowest = coefficients[_lowest()]
    checksum = blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=8 * WORDS).digest()
    chance = np.unpackbits(np.frombuffer(checksum, np.uint8)).astype(bool)
    bits = np.where(np.abs(lowest) < SILENT, chance, lowest > 0)
    return np.packbits(bits).view(np.uint64)


def near_duplicates(hashes: NDArray[np.uint64], *, bits: int = BITS) -> list[tuple[int, int]]:
    """Each picture that is like an earlier one, as (the earliest such, it), in order of the latter.

    Of a thousand equal pictures these are 999 pairs, not half a million; without the second of each
    pair, no two pictures are alike. So put the training pictures first: what is found later is what
    leaked out of them.

    Args:
        hashes: (n,) or (n, words) uint64.
        bits: how many may differ, over all words.
    """
    words = hashes[:, None] if hashes.ndim == 1 else hashes
    count, pairs = len(words), []
    rows = max(1, BLOCK // max(1, count))
    for first in range(0, count, rows):
        block = words[first : first + rows]
        earlier = words[: first + len(block)]
        distances = np.zeros((len(block), len(earlier)), np.uint16)
        for word in range(words.shape[1]):
            distances += np.bitwise_count(block[:, None, word] ^ earlier[None, :, word])
        # a picture's own column, and those after it, are not earlier
        alike = np.tril(distances <= bits, first - 1)
        found = np.flatnonzero(alike.any(axis=1))
        earliest = alike[found].argmax(axis=1)
        pairs += list(zip(earliest.tolist(), (found + first).tolist(), strict=True))
    return pairs


def _shrunken(picture: Picture) -> NDArray[np.float64]:
    """The mean of the channels, SIDE x SIDE, its own range to [0, 1]; what is not finite, to 0."""
    finite = np.where(np.isfinite(picture), picture, np.nan).astype(np.float64)
    gray = finite.mean(axis=2)
    known = gray[~np.isnan(gray)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 0.0)
    unit = np.nan_to_num((gray - low) / (high - low) if high > low else np.zeros_like(gray))
    small = Image.fromarray(unit.astype(np.float32)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.asarray(small, np.float64)


@cache
def _cosines() -> NDArray[np.float64]:
    """DCT-II of SIDE numbers, as a matrix; every row but the first has squared norm SIDE / 2."""
    k = np.arange(SIDE)
    matrix: NDArray[np.float64] = np.cos(np.pi / SIDE * (k + 0.5) * k[:, None])
    return matrix


@cache
def _lowest() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the 64 * WORDS lowest frequencies but the mean stand, diagonal by diagonal."""
    i, j = np.indices((SIDE, SIDE)).reshape(2, -1)
    order = np.argsort(i + j, kind="stable")[1 : 64 * WORDS + 1]
    return i[order], j[order]
