"""Reading: how the pictures of a side are to be read, as far as options alone say it."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from img2img.config import Side
from img2img.data.nodata import without
from img2img.data.shares import class_counts
from img2img.data.values import Values
from img2img.images import Labels, Levels, Picture
from img2img.run.reading import labels

Visible = NDArray[np.bool_]  # (H, W)


class Reading(NamedTuple):
    """What the options of a side say before a picture is seen."""

    labels: Labels | None
    nodata: float | Literal["nan"] | None

    @classmethod
    def of(cls, side: Side, name: str) -> Reading:
        """Of the side called `name`, input or output.

        Raises:
            UsageError: its options contradict each other.
        """
        as_labels = None
        if side.kind == "labels":
            stand_in = Levels(channels=3 if side.palette else 1)
            as_labels = labels(side, stand_in, name)
        value: float | Literal["nan"] | None = None
        if side.nodata is not None:
            value = "nan" if side.nodata == "nan" else float(side.nodata)
        return cls(as_labels, value)

    def visible(self, picture: Picture) -> Visible:
        """Where the picture has data; floats that are no numbers are none."""
        counts = np.asarray(np.isfinite(picture).all(axis=2))
        if self.nodata is None or self.labels:
            return counts
        levels = Levels.of(picture).model_copy(update={"nodata": self.nodata})
        seen = levels.visible(picture)
        return counts if seen is None else counts & seen

    def values(self, picture: Picture, visible: Visible) -> Values:
        """The picture's values; of floats, those that stand for no data are NaN."""
        if self.nodata is not None and picture.dtype == np.float32:
            return Values.of(np.where(visible[..., None], picture, np.float32(np.nan)))
        return Values.of(picture)

    def measured(self, values: Values) -> Values:
        """The values of all pictures; of integers, those that stand for no data are left out."""
        if self.nodata in (None, "nan") or values.dtype == "float32" or self.labels:
            return values
        rest = without(values, int(float(self.nodata or 0)))
        return rest if rest.counts.any() else values

    def classes(self, picture: Picture) -> NDArray[np.int64]:
        """How many pixels are of each class, those to be ignored left out.

        Raises:
            ValueError: a number that no class has, or a picture that cannot hold classes.
        """
        assert self.labels is not None
        dtype = {"dtype": picture.dtype.name}
        found = self.labels.model_copy(update=dtype).classes(picture)
        counts = class_counts(found, self.labels.planes)
        if self.labels.ignore is not None and self.labels.ignore < len(counts):
            counts[self.labels.ignore] = 0
        return counts
