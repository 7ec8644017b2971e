"""The scan of a super-resolution data set before the first step."""

from itertools import chain

from img2img.data.faults import below, refuse, unscaled
from img2img.data.folders import Layout
from img2img.data.glance import check_masks
from img2img.data.looks import look
from img2img.data.resolution_folders import resolutions
from img2img.data.scan import (
    Findings,
    counts,
    files_of,
    leaks,
    levels_of,
    seen_of,
    smallest,
    unusual,
)  # fmt: skip
from img2img.data.transforms import Recipe


def scan_resolutions(layout: Layout, recipe: Recipe, scale: int) -> Findings:
    """Look at every picture of train and val, as `recognise_resolutions` found them.

    What is found of A holds for LR and HR, and the smallest sides are those of HR.

    Raises:
        ValueError: names the files that are unreadable, smaller than the crop, or of another size
            than their LR or mask asks for; or that mix bit depths.
    """
    splits = [layout.splits[name] for name in ("train", "val") if name in layout.splits]
    looks = look({file for split in splits for side in split for file in files_of(side)})
    sides = [resolutions(split) for split in splits]
    high = [it for HR, _ in sides for it in seen_of(HR, looks)]
    low = [it for _, LR in sides if LR is not None for it in seen_of(LR, looks)]
    for fault in chain(unscaled(low, high, scale) if low else (), below(high, recipe.size, out="")):
        refuse(fault)
    for HR, _ in sides:
        check_masks(HR)
    notes = [*unusual(*((low, high) if low else (high, low)), recipe), *counts(splits[0], None)]
    notes += leaks(*splits) if len(splits) == 2 else ()
    return Findings(levels_of(low + high, "the data set"), None, smallest(high), notes)
