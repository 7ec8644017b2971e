"""Faults: what must be mended in a data set, a sentence each."""

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeAlias

from img2img.data.looks import Look, listed

Fault: TypeAlias = Callable[[str], None]
"""Hears of a fault; where it returns, the faulty pictures are left out and the rest goes on."""


def refuse(sentence: str) -> None:
    """A fault ends what is being done, as it does before a training.

    Raises:
        ValueError: the fault.
    """
    raise ValueError(sentence)


def counted(things: Collection[object] | int, one: str, many: str = "") -> str:
    """How many there are of what: 1 pair, 2 pairs."""
    number = things if isinstance(things, int) else len(things)
    return f"{number} {one if number == 1 else many or one + 's'}"


def odd(looks: Sequence[Look]) -> Iterator[str]:
    """Pictures of two halves that are not equally wide."""
    found = [f"{it.name} ({it.width})" for it in looks if it.width % 2]
    if found:
        pictures = counted(found, "picture")
        yield f"odd widths do not fall into two halves, in {pictures}: {listed(found)}; crop them"


def unequal(A: Sequence[Look], B: Sequence[Look]) -> Iterator[str]:
    """Pairs of two sizes."""
    found = [
        f"{x.name} ({x.width} x {x.height}) and {y.name} ({y.width} x {y.height})"
        for x, y in zip(A, B, strict=True)
        if (x.width, x.height) != (y.width, y.height)
    ]
    if found:
        yield f"{counted(found, 'pair')} of unequal size: {listed(found)}; resize one to the other"


def below(
    looks: Sequence[Look],
    size: int,
    *,
    out: str = ", or let pictures be resized (resize squash or keep)",
) -> Iterator[str]:
    """Pictures that hold no crop of `size`; `out` is another way out than a smaller one."""
    found = [f"{x.name} ({x.width} x {x.height})" for x in looks if min(x.width, x.height) < size]
    if found:
        yield (
            f"{counted(found, 'picture')} smaller than the crop of {size} x {size}: "
            f"{listed(found)}; choose a smaller size{out}"
        )


def unscaled(low: Sequence[Look], high: Sequence[Look], scale: int) -> Iterator[str]:
    """Pictures that are not exactly `scale` times as wide and high as their partners."""
    found = [
        f"{x.name} ({x.width} x {x.height}) and {y.name} ({y.width} x {y.height})"
        for x, y in zip(low, high, strict=True)
        if (x.width * scale, x.height * scale) != (y.width, y.height)
    ]
    if found:
        pairs = counted(found, "pair")
        yield (
            f"{pairs} whose HR is not {scale} times its LR: {listed(found)}; cut HR, or choose "
            "another scale"
        )


def mixed(looks: Sequence[Look], side: str) -> Iterator[str]:
    """Pictures of several depths, or of channels that do not turn into each other."""
    kinds: dict[tuple[str, int], list[str]] = {}
    for it in looks:
        if it.dtype:
            kinds.setdefault((it.dtype, it.channels), []).append(it.name)
    channels = {it.channels for it in looks}
    if len({dtype for dtype, _ in kinds}) > 1 or not (channels <= {1, 3} or len(channels) == 1):
        found = [
            f"{dtype} with {n} channels ({counted(names, 'file')}: {listed(names, most=3)})"
            for (dtype, n), names in kinds.items()
        ]
        yield f"{side} mixes kinds of pictures: {listed(found)}; convert them to one"
