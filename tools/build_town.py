"""Cuts the built-in town's surfaces from photographs: build_town.py PHOTOS_DIR [OUT]."""

import argparse
from pathlib import Path

from PIL import Image, ImageFilter

from img2img.data.scene import CLASSES, PALETTE

SURFACES = {  # name: (box in the photograph, in pixels; side of the crop)
    "grass": ((0, 0, 512, 512), 192),
    "gravel": ((0, 0, 512, 512), 192),  # a stone is then as wide as a tree's crown
    "brick": ((64, 192, 384, 512), 96),  # its near, more regular part
}
LICENCES = """# Licences of the built-in town

The three pictures in this folder are crops, made smaller and of even brightness, of photographs
from cc0textures.com (now ambientCG) as scikit-image ships them (`skimage/data`):

| file | photograph | licence |
|---|---|---|
{rows}

CC0 1.0 dedicates them to the public domain: no attribution is asked for. Everything else in the
town is drawn by `img2img/data/scene.py`, under the licence of this project.
`tools/build_town.py` made this folder.
"""


def cut(photograph: Path, box: tuple[int, int, int, int], side: int) -> Image.Image:
    """A gray crop of side x side pixels, uint8, its light evened out, its mean 128."""
    with Image.open(photograph) as opened:
        crop = opened.convert("L").resize((side, side), Image.Resampling.LANCZOS, box=box)
    light = crop.filter(ImageFilter.GaussianBlur(side / 8))
    pairs = zip(crop.tobytes(), light.tobytes(), strict=True)
    even = bytes(min(255, max(0, 128 + value - blurred)) for value, blurred in pairs)
    return Image.frombytes("L", crop.size, even)


def build(photos: Path, out: Path) -> None:
    """The surfaces, their licences and the palette, in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    for name, (box, side) in SURFACES.items():
        cut(photos / f"{name}.png", box, side).save(out / f"{name}.png", optimize=True)
    rows = "\n".join(f"| {name}.png | {name}.png | CC0 1.0 |" for name in SURFACES)
    (out / "LICENCES.md").write_text(LICENCES.format(rows=rows))
    lines = (f"{r} {g} {b} {name}\n" for (r, g, b), name in zip(PALETTE, CLASSES, strict=True))
    (out / "palette.txt").write_text("".join(lines))


def main() -> None:
    """Builds datasets/town, or OUT."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("photos", type=Path, help="folder with grass.png, gravel.png, brick.png")
    town = Path(__file__).parents[1] / "datasets" / "town"
    parser.add_argument("out", type=Path, nargs="?", default=town)
    arguments = parser.parse_args()
    build(arguments.photos, arguments.out)


if __name__ == "__main__":
    main()
