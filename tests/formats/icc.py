"""ICC profiles made by hand (ICC.1:2001), since Pillow makes none but sRGB, Lab and XYZ."""

from struct import pack

import numpy as np

D50 = (0.9642, 1.0, 0.8249)
# XYZ of red, green and blue, adapted to D50
SRGB = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
WIDE = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446))  # Adobe RGB


def rgb(primaries, curve) -> bytes:
    tags = {b"wtpt": xyz(D50)}
    for name, primary in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags[name + b"XYZ"] = xyz(primary)
        tags[name + b"TRC"] = curve
    return profile(b"RGB ", b"XYZ ", tags)


def gray(curve) -> bytes:
    return profile(b"GRAY", b"XYZ ", {b"wtpt": xyz(D50), b"kTRC": curve})


def cmyk(lightness=lambda c, m, y, k: 0.0 if k else 1.0 - (c + m + y) / 3) -> bytes:
    """A table (lut8) from the 16 corners of CMYK to neutral Lab of a lightness from 0 to 1."""
    corners = np.stack(np.meshgrid(*[[0, 1]] * 4, indexing="ij"), -1).reshape(-1, 4)
    lab = b"".join(bytes([round(255 * lightness(*inks)), 128, 128]) for inks in corners)
    ramp = bytes(range(256))
    head = b"mft1" + bytes(4) + bytes([4, 3, 2, 0])
    identity = b"".join(pack(">i", value << 16) for value in (1, 0, 0, 0, 1, 0, 0, 0, 1))
    return profile(
        b"CMYK", b"Lab ", {b"wtpt": xyz(D50), b"A2B0": head + identity + ramp * 4 + lab + ramp * 3}
    )


def gamma(exponent: float) -> bytes:
    return b"curv" + bytes(4) + pack(">IH", 1, round(exponent * 256))


def srgb_curve() -> bytes:
    v = np.linspace(0, 1, 1024)
    light = np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)
    return b"curv" + bytes(4) + pack(">I", 1024) + np.rint(light * 65535).astype(">u2").tobytes()


def xyz(values) -> bytes:
    return b"XYZ " + bytes(4) + b"".join(pack(">i", round(v * 65536)) for v in values)


def profile(space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    at, table, body = 132 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += name + pack(">II", at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    size = pack(">I", at + len(body))
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    head = (
        size + bytes(4) + pack(">I", 0x02100000) + kind + space + connection + bytes(12) + b"acsp"
    )
    head = head.ljust(68, b"\0") + b"".join(pack(">i", round(v * 65536)) for v in D50)
    return head.ljust(128, b"\0") + pack(">I", len(tags)) + table + body
