"""Layouts, recognised by names of folders or a table: no option says how data lies on disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from img2img import images
from img2img.data import rows
from img2img.data.domain import Domain, match
from img2img.data.faults import Fault, refuse
from img2img.data.samples import SPLITS, Pictures
from img2img.data.tabled import domains, notes
from img2img.images import UnreadableError


class Style(NamedTuple):
    """A way to lay out a data set; `{}` stands for the split, and without it all is train."""

    kind: str
    folders: tuple[str, ...]


SIDE_BY_SIDE = "side-by-side AB pictures"
ONE_FOLDER = (
    Style("one folder of pictures", ("{}",)),
    Style("one folder of pictures", (".",)),
)
STYLES = (
    Style("trainA and trainB", ("{}A", "{}B")),
    Style("train_A and train_B", ("{}_A", "{}_B")),
    Style("A/train and B/train", ("A/{}", "B/{}")),
    Style("A and B", ("A", "B")),
    Style(SIDE_BY_SIDE, ("AB/{}",)),
    Style(SIDE_BY_SIDE, ("AB",)),
    *ONE_FOLDER,  # of pictures that are wide enough for both
)

TABLE = "or a data.csv with a column x or y, and as wanted mask, split, group, weight"
EXPECTED_ONE = f"  train/ val/ test/   or the pictures alone;\n{TABLE}"
EXPECTED = f"""\
  trainA/ trainB/     or train_A/ train_B/, A/train/ B/train/, A/ B/
  valA/ valB/         chooses the checkpoint; a share of train when absent
  testA/ testB/       never seen in training
or, A and B side by side in pictures at least twice as wide as high (in AB/: of any shape),
  train/ val/ test/   or the pictures alone;
{TABLE}"""


class Known(NamedTuple):
    """Styles that are looked for, the first that is present taken, and how that is told."""

    styles: tuple[Style, ...]
    expected: str


ONE, TWO = Known(ONE_FOLDER, EXPECTED_ONE), Known(STYLES, EXPECTED)


class Split(NamedTuple):
    """The pictures of one split; B is None where there is one domain."""

    A: Pictures
    B: Pictures | None = None


class Layout(NamedTuple):
    """A data set as it was understood; `kind` says so in a line."""

    root: Path
    kind: str
    splits: dict[str, Split]


def recognise(
    root: str | Path, *, paired: bool | None, fault: Fault = refuse, trains: bool = True
) -> Layout:
    """The splits of the data set in `root`, of which train is one unless nothing `trains`.

    Pairs are matched by name if `paired`, domains kept apart if not; None asks for one domain.
    Where no val folder stands, every k-th file of train is val: a tenth, and 100 at most. Where a
    data.csv stands it says all this, and names of folders nothing. Pairs that do not match and rows
    that cannot be used are faults.

    Raises:
        ValueError: the folder is missing or empty, its tree is none of those known, nothing sound
            is for training, or its data.csv cannot be read.
    """
    root = existing(root)
    if (root / rows.NAME).is_file():
        return _tabled(root, paired, fault)
    kind, folders = understood(root, ONE if paired is None else TWO, trains=trains)
    parts = {split: _domains(folders[split], paired, fault) for split in folders}
    return laid_out(root, kind, parts, share="train" in parts)


def existing(root: str | Path) -> Path:
    """The folder of a data set, in which there are a table or pictures.

    Raises:
        ValueError: there are not.
    """
    root = Path(root)
    if not root.is_dir():
        raise ValueError(f"no such folder: {root}; give one with pictures in it")
    if not (root / rows.NAME).is_file() and not images.find(root):
        suffixes = " ".join(sorted(images.SUFFIXES))
        raise ValueError(f"no pictures in {root}; their suffixes are {suffixes}")
    return root


def _tabled(root: Path, paired: bool | None, fault: Fault) -> Layout:
    """What the table in `root` says."""
    read = rows.read(root / rows.NAME, fault)
    layout = laid_out(root, rows.NAME, domains(read, paired, fault), share=False)
    return layout._replace(kind=layout.kind + notes(read))


def laid_out(
    root: Path, kind: str, parts: dict[str, tuple[Domain, ...]], *, share: bool = True
) -> Layout:
    """The layout of these parts; unless there is a val, train's `share` makes one."""
    if share and "val" not in parts:
        parts = parts | _shared_out(parts["train"])
    splits = {split: Split(*parts[split]) for split in SPLITS if split in parts}
    counts = ", ".join(f"{_count(splits[split])} {split}" for split in splits)
    return Layout(root, f"{kind}: {counts}", splits)


def understood(
    root: Path, known: Known, *, trains: bool = True
) -> tuple[str, dict[str, tuple[Path, ...]]]:
    """What the first style that is present is called, and the folders of each of its splits.

    Raises:
        ValueError: none is, or half of one.
    """
    for style in known.styles:
        folders = _present(root, style)
        if not folders:
            continue
        whole = all(folder.is_dir() for parts in folders.values() for folder in parts)
        if not whole or (trains and "train" not in folders):
            break  # half of a layout, such as test alone, is not for the next style to claim
        if style not in ONE_FOLDER or known is not TWO:
            return style.kind, folders
        if _wide(next(iter(folders.values()))[0]):
            return SIDE_BY_SIDE, folders
    found = "\n".join(f"  {line}" for line in _tree(root))
    raise ValueError(f"no known layout in {root}\nexpected:\n{known.expected}\nfound:\n{found}")


def _present(root: Path, style: Style) -> dict[str, tuple[Path, ...]]:
    splits = SPLITS if "{}" in style.folders[0] else SPLITS[:1]
    folders = {s: tuple(root / folder.format(s) for folder in style.folders) for s in splits}
    return {s: both for s, both in folders.items() if any(map(Path.is_dir, both))}


def _wide(folder: Path, looks: int = 8) -> bool:
    """Whether the pictures (a few are looked at) are at least twice as wide as high."""
    files = images.find(folder)
    sizes = []
    for file in files[:: max(1, len(files) // looks)]:
        with suppress(UnreadableError):  # the scan names them all
            sizes.append(images.size(file))
    return bool(sizes) and all(width >= 2 * height for width, height, _ in sizes)


def _domains(folders: tuple[Path, ...], paired: bool | None, fault: Fault) -> tuple[Domain, ...]:
    domains = [found(folder) for folder in folders]
    if paired is None:
        return (domains[0],)
    if len(domains) == 1:
        return domains[0].side("left"), domains[0].side("right")
    A, B = domains
    return match(A, B, fault) if paired else (A, B)


def found(folder: Path) -> Domain:
    """The pictures below a folder.

    Raises:
        ValueError: there are none.
    """
    domain = Domain(folder, tuple(images.find(folder)))
    if not domain.files:
        raise ValueError(f"no pictures in {folder}; add some, or remove the folder")
    return domain


def _shared_out(train: tuple[Domain, ...]) -> dict[str, tuple[Domain, ...]]:
    """What train leaves itself and what it gives to val, where each domain can spare a file."""
    if min(map(len, train)) < 10:
        return {}
    kept, shared = zip(*(domain.shared_out() for domain in train), strict=True)
    return {"train": kept, "val": shared}


def _count(split: Split) -> str:
    A, B = len(split.A), len(split.A if split.B is None else split.B)
    return f"{A}" if A == B else f"{A} + {B}"


def _tree(root: Path, most: int = 8) -> Iterator[str]:
    entries = sorted(root.iterdir(), key=lambda entry: (entry.is_file(), entry.name))
    for entry in entries[:most]:
        yield f"{entry.name}/" if entry.is_dir() else entry.name
    if len(entries) > most:
        yield f"... and {len(entries) - most} more"
