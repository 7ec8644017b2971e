"""Couples: which picture of one folder is to be compared with which of another."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img import images
from img2img.images import Picture

Match = Literal["name", "order"]
LOSSY = (".jpg", ".jpeg")


def nothing() -> None:
    """No mask."""


class Couple(NamedTuple):
    """A fake and the real picture it should be, each read or made when it is called for."""

    name: str
    fake: Callable[[], Picture]
    real: Callable[[], Picture]
    mask: Callable[[], NDArray[np.bool_] | None] = nothing
    """(H, W), true where pixels count; None: everywhere."""
    source: Callable[[], Picture] | None = None
    """What the fake was made of, for the eye, where that is known."""


def couples(fake: Path, real: Path | None, match: Match) -> tuple[list[Couple], list[str]]:
    """The couples of two folders in natural order, and the files left without a partner.

    Files match by relative path without suffix, or by order. Without `real`, or with one folder
    twice, names that end in _fake_B and _real_B (else _fake_A, _real_A) match: so the reference
    implementation leaves its results.

    Raises:
        ValueError: a folder without pictures, no match at all, or two sizes, with the names.
    """
    fakes, reals = _sides(fake, real)
    if match == "order":
        if len(fakes) != len(reals):
            counts = f"{len(fakes)} and {len(reals)} pictures"
            raise ValueError(f"{fake} and {real} hold {counts}; only equal counts match by order")
        reals = dict(zip(fakes, reals.values(), strict=True))
    elif match != "name":
        raise ValueError(f"unknown match {match!r}; choose from name, order")
    matched = {name: (fakes[name], reals[name]) for name in fakes if name in reals}
    if not matched:
        names = f"{next(iter(fakes))!r} and {next(iter(reals))!r}"
        raise ValueError(f"no names of {fake} and {real} agree, such as {names}; match by order?")
    for pair in matched.values():
        _check_sizes(*pair)
    lonely = {**fakes, **reals}.keys() - matched.keys()
    return (
        [
            Couple(name, partial(images.read, one), partial(images.read, other))
            for name, (one, other) in matched.items()
        ],
        sorted(str(side[name]) for side in (fakes, reals) for name in lonely if name in side),
    )


def masked(pairs: Sequence[Couple], folder: Path) -> tuple[list[Couple], list[str]]:
    """The couples with the masks that bear their names, and what is left without a partner.

    A mask is a picture of the couple's size, whose pixels count where any channel is not 0; what
    the couple hides already stays hidden.

    Raises:
        ValueError: a folder without pictures, no mask for any couple, or a JPEG among them.
    """
    masks = _named(folder, images.find(folder))
    both = [
        pair._replace(mask=partial(_mask, masks[pair.name], pair.mask))
        for pair in pairs
        if pair.name in masks
    ]
    if not both:
        names = f"{pairs[0].name!r} and {next(iter(masks))!r}"
        raise ValueError(f"no mask in {folder} is named as a picture, such as {names}; rename them")
    for pair in both:
        if masks[pair.name].suffix.lower() in LOSSY:
            reason = "JPEG turns 0 into other numbers"
            raise ValueError(f"{masks[pair.name]} cannot be a mask: {reason}; save it as PNG")
    known = {pair.name for pair in pairs}
    missing = [f"{pair.name} (no mask)" for pair in pairs if pair.name not in masks]
    return both, missing + [str(path) for name, path in masks.items() if name not in known]


def _mask(path: Path, own: Callable[[], NDArray[np.bool_] | None]) -> NDArray[np.bool_]:
    shown: NDArray[np.bool_] = (images.read(path) != 0).any(axis=2)
    seen = own()
    # one of another size is refused where it is compared with its pictures
    return shown if seen is None or seen.shape != shown.shape else shown & seen


def _sides(fake: Path, real: Path | None) -> tuple[dict[str, Path], dict[str, Path]]:
    fakes = _named(fake, images.find(fake))
    if real is None or fake.resolve() == real.resolve():
        for domain in "BA":
            sides = [_ending(fakes, f"_{kind}_{domain}") for kind in ("fake", "real")]
            if all(sides):
                return sides[0], sides[1]
        if real is None:
            raise ValueError(
                f"{fake} holds no *_fake_B and *_real_B; give a folder of real pictures"
            )
    return fakes, _named(real, images.find(real))


def _named(root: Path, paths: Iterable[Path]) -> dict[str, Path]:
    """The paths by relative path without suffix."""
    named: dict[str, Path] = {}
    for path in paths:
        name = path.relative_to(root).with_suffix("").as_posix()
        if name in named:
            raise ValueError(
                f"{named[name]} and {path} have one name; rename or remove one of them"
            )
        named[name] = path
    if not named:
        raise ValueError(f"no pictures in {root}; their suffixes are {' '.join(images.SUFFIXES)}")
    return named


def _ending(named: dict[str, Path], end: str) -> dict[str, Path]:
    return {name.removesuffix(end): path for name, path in named.items() if name.endswith(end)}


def _check_sizes(fake: Path, real: Path) -> None:
    (width, height, _), (real_width, real_height, _) = images.size(fake), images.size(real)
    if (width, height) != (real_width, real_height):
        raise ValueError(
            f"{fake} is {width} x {height} but {real} is {real_width} x {real_height} pixels; "
            "resize one of them"
        )
