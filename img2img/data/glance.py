"""Glance: a quick look for what spoils a training without stopping it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path

from img2img import images
from img2img.data.alignment import shift
from img2img.data.domain import Domain
from img2img.data.faults import counted, refuse
from img2img.data.folders import Split
from img2img.data.looks import listed
from img2img.data.misalignment import misaligned
from img2img.data.samples import Pictures
from img2img.images import UnreadableError

PAIRS = 16  # that are aligned
FILES = 200  # of train and of val, that are compared
MORE = "img2img data check says more"


def shifted(split: Split) -> Iterator[str]:
    """Whether the pairs of a split, a few of which are aligned, are all shifted."""
    A, B = split.A, split.B
    if B is None or not isinstance(A, Domain):
        return
    chosen = range(0, len(A), max(1, -(-len(A) // PAIRS)))
    found = misaligned([shift(A[index], B[index]) for index in chosen])
    if found.systematic:
        by = f"{found.shift[0]} pixels to the right and {found.shift[1]} down"
        yield f"B is shifted against A by {by} in {found.agreeing:.0%} of the pairs; {MORE}"


def leaked(train: Pictures, val: Pictures, side: str) -> Iterator[str]:
    """Files of val that are copies of files of train."""
    if not (isinstance(train, Domain) and isinstance(val, Domain)):
        return
    ours, theirs = _sized(train.files), _sized(val.files)
    common = ours.keys() & theirs.keys()  # copies are of one size
    old = {_checksum(file) for file in _some(ours, common)}
    copies = [file.name for file in _some(theirs, common) if _checksum(file) in old]
    if copies:
        files = counted(copies, "file")
        yield f"{files} of val {side} are copies of those of train: {listed(copies)}; {MORE}"


def check_masks(pictures: Pictures | None) -> None:
    """Raise ValueError where a mask cannot be read or is of another size than its picture."""
    if not isinstance(pictures, Domain):
        return
    faults = []
    for file, mask in zip(pictures.files, pictures.masks, strict=False):  # or there are none
        try:
            if mask is not None and images.size(mask)[:2] != images.size(file)[:2]:
                faults.append(f"{mask} is of another size than {file}")
        except UnreadableError as error:
            faults.append(str(error))
    if faults:
        refuse(f"{counted(faults, 'mask')} cannot be used: {listed(faults)}; {MORE}")


def _sized(files: Sequence[Path]) -> dict[int, list[Path]]:
    found: dict[int, list[Path]] = defaultdict(list)
    for file in files:
        found[file.stat().st_size].append(file)
    return found


def _some(sized: dict[int, list[Path]], sizes: set[int]) -> list[Path]:
    """The files of these sizes, a few evenly spread."""
    files = [file for size in sorted(sizes) for file in sized[size]]
    return files[:: max(1, -(-len(files) // FILES))]


def _checksum(file: Path) -> bytes:
    return blake2b(file.read_bytes(), digest_size=16).digest()
