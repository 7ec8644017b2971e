"""The library of transforms: albumentations and its OpenCV, imported when first needed."""

import os
from functools import cache
from typing import Any

from img2img.data.keys import Key, Stream, draws


@cache
def albumentations() -> Any:
    """The module, kept from asking the network for a newer one of itself."""
    os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
    import albumentations

    return albumentations


@cache
def opencv() -> Any:
    """The module, in one thread: its others do not outlive the fork into a worker."""
    import cv2

    cv2.setNumThreads(0)
    return cv2


def seeded(compose: Any, key: Key, stream: Stream) -> Any:
    """The same transforms about to draw what follows from (key, stream)."""
    seeds = draws(key, stream).generate_state(len(compose.transforms))
    # one seed for all, as Compose.set_random_seed gives, ties the flip to the crop (r = -0.86)
    for transform, seed in zip(compose.transforms, seeds, strict=True):
        transform.set_random_seed(int(seed))
    return compose
