"""Values: what networks see of a picture."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[np.float32]  # (C, H, W) in [-1, 1]
Visible = NDArray[np.bool_]  # (H, W): whether a pixel counts


def checked_values(values: ArrayLike, planes: int) -> NDArray[np.float64]:
    """The values as float64 (planes, H, W).

    Raises:
        ValueError: they are of another shape, or not finite.
    """
    array = np.asarray(values, np.float64)
    if array.ndim != 3 or len(array) != planes:
        raise ValueError(f"values of {array.shape} are not ({planes}, height, width)")
    check_finite(array)
    return array


def check_finite(array: NDArray[np.floating[Any]]) -> None:
    """Raise ValueError if a value is not finite."""
    if not np.isfinite(array).all():
        count = int(array.size - np.isfinite(array).sum())
        raise ValueError(
            f"{count} of {array.size} values are not finite numbers; if they stand for no data,"
            " say nodata nan"
        )
