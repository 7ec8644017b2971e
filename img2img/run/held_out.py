"""Held out: the pictures of a data set that a run has not seen, which it is scored on."""

from img2img.data import rows
from img2img.data.folders import Layout, Split
from img2img.data.joined import Joined
from img2img.run.sources import fingerprint


def unseen(layout: Layout, trained_on: str | None) -> str:
    """The name of the split that is scored unless one is asked for, or `all`.

    It is test; without it val, where that is set apart from train or the generator was
    `trained_on` this train (a fingerprint); else all pictures, none of which it has seen.
    """
    if "test" in layout.splits:
        return "test"
    return "val" if _set_apart(layout) or fingerprint(layout) == trained_on else "all"


def _set_apart(layout: Layout) -> bool:
    """Whether val has folders of its own, or is a table's word: no mere share of train."""
    if "val" not in layout.splits:
        return False
    if "train" not in layout.splits:
        return True
    train, val = (getattr(layout.splits[name].A, "root", None) for name in ("train", "val"))
    return train != val or (layout.root / rows.NAME).is_file()


def part(layout: Layout, name: str) -> Split:
    """A split of a layout, or `all` of them together.

    Raises:
        ValueError: there is none of that name.
    """
    if name == "all":
        parts = [*layout.splits.values()]
        others = [each.B for each in parts if each.B is not None]
        return Split(
            Joined(tuple(each.A for each in parts)), Joined(tuple(others)) if others else None
        )
    if name not in layout.splits:
        there = ", ".join((*layout.splits, "all"))
        raise ValueError(f"{layout.root} has no {name} pictures; choose from {there}")
    return layout.splits[name]
