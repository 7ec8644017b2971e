"""Names of picture files: their suffixes, their order, and where they are found."""

import re
from os import walk
from pathlib import Path

TIFF = frozenset({".tif", ".tiff"})
MEDICAL = frozenset({".dcm", ".nii", ".nii.gz"})
RASTER = frozenset({".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".ppm", ".pgm"})
SUFFIXES = tuple(sorted({".npy"} | RASTER | TIFF | MEDICAL))


def suffix(path: str | Path) -> str:
    """The suffix in lower case; that of scan.nii.gz is .nii.gz (yet its stem is scan.nii)."""
    name = Path(path).name.lower()
    return ".nii.gz" if name.endswith(".nii.gz") else Path(name).suffix


def find(root: Path) -> list[Path]:
    """Every picture file below `root`, in natural order; hidden files and folders are passed over.

    Raises:
        ValueError: `root` is not a folder.
    """
    root = Path(root)
    if not root.is_dir():
        raise ValueError(f"{root} is not a folder; give a folder of pictures")
    found: list[Path] = []
    for folder, folders, names in walk(root):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths = (Path(folder, name) for name in names if not name.startswith("."))
        found += [path for path in paths if suffix(path) in SUFFIXES]
    return sorted(found, key=lambda path: natural(path.relative_to(root)))


def natural(path: str | Path) -> list[tuple[list[str | int], str]]:
    """A sorting key under which 2 comes before 10, folder by folder."""
    # re.split alternates text and digits, so that text is only ever compared with text
    halves = [(re.split("([0-9]+)", part.casefold()), part) for part in Path(path).parts]
    return [([int(t) if i % 2 else t for i, t in enumerate(ts)], part) for ts, part in halves]
