"""Side-by-side AB pictures, split into a folder A and a folder B."""

from pathlib import Path

from img2img import files, images
from img2img.data.looks import listed


def split(folder: str | Path, out: str | Path) -> int:
    """Write the left halves of the pictures in `folder` to `out`/A and the right ones to `out`/B.

    Subfolders such as train and val are kept below A and B; `out` appears when all is written.
    Returns the number of pictures.

    Raises:
        ValueError: no pictures, two of one name, an odd width, one that is not at least twice as
            wide as high (but in a folder AB), or an `out` that holds something.
    """
    folder, out = Path(folder), Path(out)
    if not folder.is_dir():
        raise ValueError(f"no such folder: {folder}; give one with side-by-side AB pictures")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"{out} exists and is not an empty folder; choose another")
    folder = folder / "AB" if (folder / "AB").is_dir() else folder
    names = _named(folder)
    _check_shapes(list(names.values()), any_shape=folder.resolve().name == "AB")
    files.vacate(out)
    with files.folder(out) as unfinished:
        for name, file in names.items():
            picture = images.read(file)
            middle = picture.shape[1] // 2
            images.write(unfinished / "A" / name, picture[:, :middle])
            images.write(unfinished / "B" / name, picture[:, middle:])
    return len(names)


def _named(folder: Path) -> dict[Path, Path]:
    """The file that each picture of the result comes from."""
    names: dict[Path, Path] = {}
    for file in images.find(folder):
        first = names.setdefault(file.relative_to(folder).with_suffix(".png"), file)
        if first != file:
            raise ValueError(f"{first} and {file} have the same name; rename or remove one")
    if not names:
        raise ValueError(f"no pictures in {folder}; give a folder of side-by-side AB pictures")
    return names


def _check_shapes(paths: list[Path], *, any_shape: bool) -> None:
    sizes = {path: images.size(path)[:2] for path in paths}
    narrow = [f"{path} ({w} x {h})" for path, (w, h) in sizes.items() if w < 2 * h]
    if narrow and not any_shape:
        advice = "remove them, or put the pictures into a folder AB if they are side by side"
        raise ValueError(f"not twice as wide as high: {listed(narrow)}; {advice}")
    odd = [f"{path} ({width})" for path, (width, _) in sizes.items() if width % 2]
    if odd:
        raise ValueError(f"odd widths do not fall into two halves: {listed(odd)}; crop them")
