"""Pixels and files that no library writes for us."""

import struct
import zlib

import numpy as np

RNG = np.random.default_rng(0)
ADAM7 = [
    *[(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)],
    *[(0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)],
]


def noise(*shape, dtype=np.uint8):
    if np.dtype(dtype).kind == "f":
        return RNG.normal(size=shape).astype(dtype)
    return RNG.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def png(width, height, depth, colour, rows=b"", *, interlaced=0, before=(), after=()):
    """A PNG by hand: Pillow writes no 16-bit colour and no bombs."""

    def chunk(kind, data):
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    data = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(rows)), *after, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*each) for each in data)


def rows(samples, *, interlaced=False):
    """The unfiltered rows of 16-bit samples (H, W, S), in seven passes if interlaced."""
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    parts = [samples[y::down, x::right] for x, y, right, down in passes]
    return b"".join(b"\0" + row.astype(">u2").tobytes() for p in parts if p.size for row in p)
