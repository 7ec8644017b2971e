"""Levels: pixels that are amounts."""

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, Field, field_validator, model_validator

from img2img.encodings.values import Values, Visible, check_finite, checked_values
from img2img.formats.alpha import filled
from img2img.formats.pixels import Picture, as_dtype, to_channels, top


class Levels(BaseModel, frozen=True, extra="forbid", allow_inf_nan=False):
    """Pixels that are amounts: `low` becomes -1 and `high` 1; what lies outside is clipped."""

    kind: Literal["image"] = "image"
    channels: int = Field(ge=1)
    dtype: Literal["uint8", "uint16", "float32"] = "uint8"
    low: tuple[float, ...] = (0,)
    """One for all channels, or one for each."""
    high: tuple[float, ...] = (255,)
    nodata: float | Literal["nan"] | None = None
    """What a pixel holds where nothing was measured: in any channel of float32, in all of others.
    """

    @field_validator("low", "high", mode="before")
    @classmethod
    def _each(cls, value: Any) -> Any:
        return (value,) if isinstance(value, int | float) else value

    @model_validator(mode="after")
    def _ordered(self) -> "Levels":
        for ends in (self.low, self.high):
            if len(ends) not in (1, self.channels):
                raise ValueError(f"{len(ends)} ends of a range do not fit {self.channels} channels")
        low, high = np.broadcast_arrays(self.low, self.high)
        if not (low < high).all():
            worst = int(np.argmax(low >= high))
            raise ValueError(f"low {low[worst]:g} is not below high {high[worst]:g}")
        if self.dtype != "float32" and self.nodata is not None:
            most = np.iinfo(self.dtype).max
            if self.nodata == "nan" or not 0 <= self.nodata <= most or self.nodata % 1:
                raise ValueError(f"{self.dtype} pictures cannot hold nodata {self.nodata}")
        return self

    @classmethod
    def of(cls, picture: Picture) -> "Levels":
        """The full range of the picture's dtype; 0 to 1 for float32."""
        name = picture.dtype.name
        high = 1 if name == "float32" else np.iinfo(picture.dtype).max
        return cls.model_validate({"channels": picture.shape[2], "dtype": name, "high": high})

    @property
    def planes(self) -> int:
        """Channels of the values."""
        return self.channels

    @property
    def nearest(self) -> bool:
        """Whether pixels must not be mixed when they are resized."""
        return False

    def visible(self, picture: Picture) -> Visible | None:
        """Where the picture has data; None where nothing can be missing."""
        if self.nodata is None:
            return None
        missing = np.isnan(picture) if self.nodata == "nan" else np.equal(picture, self.nodata)
        some = np.any if picture.dtype.kind == "f" else np.all
        counts: Visible = np.logical_not(some(missing, axis=2))
        return counts

    def filled(self, picture: Picture, visible: Visible | None) -> Picture:
        """The picture in this encoding's channels; what is hidden fades in from around it."""
        picture = to_channels(self._checked(picture), self.channels)
        if visible is None or visible.all():
            return picture
        if not visible.any():
            middle = as_dtype(np.add(self.low, self.high) / 2, picture.dtype)
            return np.broadcast_to(middle, picture.shape).copy()
        counts = visible[..., None] * np.asarray(top(picture.dtype), picture.dtype)
        return filled(picture, counts)

    def encode(self, picture: Picture) -> Values:
        """Pixels to values, (H, W, C) to (C, H, W); gray and RGB turn into each other.

        Raises:
            ValueError: another dtype or other channels than these, or a value not finite.
        """
        pixels = to_channels(self._checked(picture), self.channels).astype(np.float32)
        check_finite(pixels)
        low, high = np.array(self.low, np.float32), np.array(self.high, np.float32)
        values = np.clip((pixels - low) / (high - low) * 2 - 1, -1, 1)
        return np.ascontiguousarray(values.transpose(2, 0, 1))

    def decode(self, values: ArrayLike) -> Picture:
        """Values to pixels, (C, H, W) to (H, W, C): clipped to the range, integers rounded.

        Raises:
            ValueError: other channels than these, or a value not finite.
        """
        array = checked_values(values, self.channels)
        unit = np.clip((array.transpose(1, 2, 0) + 1) / 2, 0, 1)
        pixels = np.array(self.low) + unit * np.subtract(self.high, self.low)
        return np.ascontiguousarray(as_dtype(pixels, np.dtype(self.dtype)))

    def hide(self, picture: Picture, visible: Visible | None) -> Picture:
        """The picture with `nodata`, where there is such, in place of what is not visible."""
        if visible is None or self.nodata is None:
            return picture
        missing = np.asarray(self.nodata, np.float64).astype(picture.dtype)
        return np.where(visible[..., None], picture, missing)

    def show(self, picture: Picture) -> NDArray[np.uint8]:
        """For the eye: (H, W, 1 or 3), the range from black to white; of many channels the first.

        Two channels and more than three show the first and the first three.
        """
        count = 3 if self.channels >= 3 else 1
        low, high = (np.broadcast_to(end, self.channels)[:count] for end in (self.low, self.high))
        if self.dtype == "uint8" and (*self.low, *self.high) == (0, 255):
            return picture[..., :count]
        unit = (np.nan_to_num(picture[..., :count].astype(np.float64)) - low) / (high - low)
        return as_dtype(np.clip(unit, 0, 1) * 255, np.dtype(np.uint8))

    def _checked(self, picture: Picture) -> Picture:
        if picture.dtype.name != self.dtype:
            advice = f"convert it to {self.dtype}, or train on such pictures"
            kinds = f"{picture.dtype}, but {self.dtype}"
            raise ValueError(f"the picture is {kinds} was expected; {advice}")
        return picture
