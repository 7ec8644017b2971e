"""PNG of 16 bits a sample, which Pillow decodes to 8 without a word."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from struct import pack, unpack
from zlib import compress, crc32, decompressobj

import numpy as np

from img2img.formats.pixels import Picture, squeezed

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SAMPLES = {0: 1, 2: 3, 4: 2, 6: 4}  # colour type of the header: gray, RGB, each with alpha
# x and y of the first pixel of each pass, and steps to the next (PNG, section 8.2)
ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)


def is_deep(path: Path) -> bool:
    """Whether a PNG has 16 bits a sample."""
    return _header(path)[8] == 16


def is_gray(path: Path) -> bool:
    """Whether a PNG is gray, with alpha or without."""
    return _header(path)[9] in (0, 4)


def read(data: bytes) -> tuple[Picture, Picture | None]:
    """The colours of a deep PNG and its alpha, (H, W, C) and (H, W, 1) uint16, as stored.

    The bytes are trusted to be whole and of a size that may be decoded: Pillow saw them before.
    """
    parts = {kind: bytearray() for kind in (b"IHDR", b"IDAT", b"tRNS")}
    for kind, content in _chunks(data):
        if kind in parts:
            parts[kind] += content
    width, height, _, colour, _, _, interlaced = unpack(">IIBBBBB", parts[b"IHDR"])
    decode = _interlaced if interlaced else _plain
    pixels = decode(width, height, colour, bytes(parts[b"IDAT"]))
    if colour >= 4:
        return pixels[..., :-1], pixels[..., -1:]
    if not parts[b"tRNS"]:
        return pixels, None
    hidden = np.frombuffer(parts[b"tRNS"], ">u2")  # the one colour that is not seen
    return pixels, (pixels != hidden).any(axis=2, keepdims=True) * np.uint16(65535)


def write(buffer: BytesIO, picture: Picture, profile: bytes | None) -> None:
    """A uint16 (H, W, C) picture of 1 to 4 channels; of 2 and 4 the last is alpha."""
    from imagecodecs import png_encode

    data = png_encode(squeezed(picture), level=1)
    note = b"icc\0\0" + compress(profile) if profile else b""
    after_header = len(SIGNATURE) + 25
    buffer.write(data[:after_header] + (_chunk(b"iCCP", note) if note else b""))
    buffer.write(data[after_header:])


def _header(path: Path) -> bytes:
    with open(path, "rb") as file:
        return file.read(29)[16:]


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    start = len(SIGNATURE)
    while start + 12 <= len(data):
        length, kind = unpack(">I4s", data[start : start + 8])
        yield kind, data[start + 8 : start + 8 + length]
        start += 12 + length


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", crc32(kind + content))


def _plain(width: int, height: int, colour: int, stream: bytes) -> Picture:
    """Decoded without the other chunks, so that none of them can change a sample."""
    from imagecodecs import png_decode

    header = pack(">IIBBBBB", width, height, 16, colour, 0, 0, 0)
    chunks = _chunk(b"IHDR", header), _chunk(b"IDAT", stream), _chunk(b"IEND", b"")
    return np.asarray(png_decode(SIGNATURE + b"".join(chunks))).reshape(height, width, -1)


def _interlaced(width: int, height: int, colour: int, stream: bytes) -> Picture:
    """Each of the seven passes is a small picture; imagecodecs mixes them up."""
    pixels = np.zeros((height, width, SAMPLES[colour]), np.uint16)
    inflate, rest = decompressobj(), stream
    for x, y, right, down in ADAM7:
        part = pixels[y::down, x::right]
        if part.size:
            rows, columns = part.shape[:2]
            raw = inflate.decompress(rest, rows * (1 + part[0].nbytes))
            rest = inflate.unconsumed_tail
            part[:] = _plain(columns, rows, colour, compress(raw, 1))
    return pixels
