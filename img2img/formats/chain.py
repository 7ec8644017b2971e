"""The list of pages of a TIFF file, looked at before tifffile follows it."""

from pathlib import Path
from struct import unpack

PAGES, TAGS = 4096, 4096  # that one file may have


def check(path: Path) -> None:
    """Raises ValueError where damage makes the list of pages endless: tifffile would follow it."""
    with open(path, "rb") as file:
        head = file.read(16)
        order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
        version = unpack(order + "H", head[2:4])[0] if order and len(head) == 16 else 0
        if version not in (42, 43):
            raise ValueError("not a TIFF file; convert or remove it")
        big = version == 43
        word, step, count = ("Q", 20, "Q") if big else ("I", 12, "H")
        offset = unpack(order + word, head[8:16] if big else head[4:8])[0]
        for _ in range(PAGES):
            if offset == 0:
                return
            file.seek(offset)
            tags = unpack(order + count, file.read(8 if big else 2))[0]
            if tags > TAGS:
                break
            file.seek(tags * step, 1)
            offset = unpack(order + word, file.read(8 if big else 4))[0]
    raise ValueError(f"it has more than {PAGES} pages or {TAGS} tags; replace or remove the file")
