"""Photos: the built-in photographs, thirteen of one domain."""

from img2img import files, images
from img2img.data.domain import Domain
from img2img.data.folders import Layout, Split

VAL = ("chelsea", "coffee")
"""Fur, and hard edges in saturated colours: one enlarges better than most, the other as most do."""


def photos() -> Layout:
    """The photographs that come with the package, each split one domain."""
    root = files.builtin("photos")
    domain = Domain(root, tuple(images.find(root)))
    chosen = {i: domain.stem(i) in VAL for i in range(len(domain))}
    train, val = (domain.of(i for i in chosen if chosen[i] is kept) for kept in (False, True))
    kind = f"the built-in photographs: {len(train)} train, {len(val)} val"
    return Layout(root, kind, {"train": Split(train), "val": Split(val)})
