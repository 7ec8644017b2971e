"""Soundness: what is wrong with pictures one by one, with their sizes and with their kinds."""

from collections.abc import Iterator
from itertools import chain

from img2img.check.census import Census
from img2img.check.findings import SIDES, Finding, Side, evident
from img2img.data.faults import below, counted, mixed, odd, unequal, unscaled
from img2img.data.folders import Layout
from img2img.data.looks import Look, listed
from img2img.data.samples import SPLITS
from img2img.data.scan import counts, unusual
from img2img.data.transforms import Recipe

TRAINED = ("train", "val")  # test is looked at for other things


def unsound(
    census: Census, layout: Layout, recipe: Recipe, paired: bool | None, scale: int | None = None
) -> Iterator[Finding]:
    """What the pictures themselves are at fault for; with a `scale`, LR and HR are."""
    yield from _each(census, "unreadable", "{} cannot be read: {}; replace or remove them")
    A, B = _looks(census, "A"), _looks(census, "B")
    sentences = sized(census, layout, paired) if scale is None else scaled(census, scale)
    if scale is not None:
        crops = below(B or A, recipe.size, out="")  # of HR, which is B where there is LR
    else:
        crops = below(A + B if recipe.resize == "none" else [], recipe.size)
    sentences = chain(sentences, crops, mixed(A, "A"), mixed(B, "B"))
    yield from (Finding("fault", sentence) for sentence in sentences)
    yield from _each(census, "mask", "{} with masks that do not fit: {}")
    yield from _each(census, "labels", "{} of other labels than the classes: {}")
    yield from blank(census)
    if A or B:
        notes = chain(counts(layout.splits["train"], paired), unusual(A, B, recipe))
        yield from (Finding("warning", note) for note in notes)


def sized(census: Census, layout: Layout, paired: bool | None) -> Iterator[str]:
    """Pairs that do not lie upon each other by their sizes."""
    X, Y = pairs(census) if paired else ([], [])
    halves = any(getattr(split.A, "half", None) for split in layout.splits.values())
    whole = [x._replace(width=x.width + y.width) for x, y in zip(X, Y, strict=True)]
    return odd(whole) if halves else unequal(X, Y)


def scaled(census: Census, scale: int) -> Iterator[str]:
    """LR, which is A, and HR of other sizes than the scale asks for."""
    return unscaled(*pairs(census), scale) if census.of("B", *TRAINED) else iter(())


def pairs(census: Census) -> tuple[list[Look], list[Look]]:
    """What the pictures of each pair are, where both can be read."""
    partners = census.of("B", *TRAINED)
    found = [
        (x.look, y.look)
        for place, x in census.of("A", *TRAINED).items()
        if (y := partners[place._replace(side="B")]).look and x.look
    ]
    return [x for x, _ in found if x], [y for _, y in found if y]


def blank(census: Census) -> Iterator[Finding]:
    """Pictures of which nothing counts."""
    found = [
        (place, it) for side in SIDES for place, it in census.of(side, *TRAINED).items() if it.blank
    ]
    if found:
        names = listed([it.name for _, it in found])
        sentence = f"{counted(found, 'picture')} without a pixel that counts: {names}"
        yield Finding("warning", sentence, evident(((p,), f"blank: {it.name}") for p, it in found))


def _looks(census: Census, side: Side) -> list[Look]:
    return [it.look for it in census.of(side, *TRAINED).values() if it.look]


def _each(census: Census, field: str, sentence: str) -> Iterator[Finding]:
    """The pictures of which a field of `Seen` says something, in one finding."""
    found = {
        f"{it.name} ({said})": None
        for side in SIDES
        for it in census.of(side, *SPLITS).values()
        if (said := getattr(it, field))
    }
    if found:
        yield Finding("fault", sentence.format(counted(found, "picture"), listed(found)))
