"""The README's picture: after `make demo`, python tools/draw_readme.py demo docs/town.png."""

import sys
from pathlib import Path

from img2img import images

TITLES = ("map", "pix2pix: aerial", "true aerial", "aerial", "CycleGAN: map", "true map")
ROWS = (1, 4, 8)  # pictures of the test split


def main(demo: Path, out: Path) -> None:
    """Input, output and truth in both directions."""
    maps, aerials = demo / "town" / "A", demo / "town" / "B"
    columns = (maps, demo / "map-to-aerial", aerials, aerials, demo / "aerial-to-map", maps)
    rows = [[images.read(folder / f"{row:05d}.png") for folder in columns] for row in ROWS]
    images.write(out, images.grid(rows, TITLES))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
