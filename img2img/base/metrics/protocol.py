"""Protocol: what pictures are to be compared, by which range, and which of their pixels count."""

from math import isnan
from typing import Any, NamedTuple

import numpy as np

from img2img.base.metrics.span import Mask, Span, full
from img2img.images import Picture, to_channels

NAMES = ("rgb", "raw", "auto")


class Protocol(NamedTuple):
    """`rgb`: 8-bit RGB, gray repeated. `raw`: the pictures' own depth and channels."""

    name: str
    dtype: str
    channels: int
    span: Span
    nodata: float | None = None

    def facts(self) -> dict[str, Any]:
        """What a report says of it."""
        colours = {"colour_space": "RGB"} if self.name == "rgb" else {}
        kind = {"dtype": self.dtype, "channels": self.channels, "range": [*self.span], "border": 0}
        nodata = "nan" if self.nodata is not None and isnan(self.nodata) else self.nodata
        return {"name": self.name, **colours, **kind, "nodata": nodata}

    def pixels(self, picture: Picture, side: str) -> Picture:
        """The picture in the protocol's channels; `side` names it, should it be refused.

        Raises:
            ValueError: it is of another depth, or of other channels.
        """
        found, accepted = picture.shape[2], (1, 3) if self.name == "rgb" else (self.channels,)
        if picture.dtype.name == self.dtype and found in accepted:
            return to_channels(picture, self.channels)
        wanted = f"{self.dtype} in {' or '.join(map(str, accepted))} channels"
        raise ValueError(
            f"the protocol {self.name} compares {wanted} here, not {picture.dtype} in {found}, as "
            f"the {side} picture is; convert it" + ", or try raw" * (self.name == "rgb")
        )

    def holds(self, real: Picture) -> Mask | None:
        """Where the real picture, as it was read, holds data; None: everywhere.

        A pixel of integers is without data where all its channels say so, one of floats where any.
        """
        if self.nodata is None:
            return None
        none = np.isnan(real) if isnan(self.nodata) else real == real.dtype.type(self.nodata)
        together = np.any if real.dtype.kind == "f" else np.all
        missing: Mask = together(none, axis=2)
        return ~missing


def settle(
    name: str,
    real: Picture,
    *,
    range: Span | tuple[float, float] | None = None,
    nodata: float | None = None,
) -> Protocol:
    """The protocol of that name for pictures like `real`; `auto` is rgb where that loses nothing.

    Without a `range`, integers have the whole of their dtype.

    Raises:
        ValueError: the name is unknown, a range is missing or empty, or no pixel can be `nodata`.
    """
    dtype, channels = real.dtype.name, real.shape[2]
    if name not in NAMES:
        raise ValueError(f"unknown protocol {name!r}; choose from {', '.join(NAMES)}")
    if name == "auto":
        name = "rgb" if dtype == "uint8" and channels in (1, 3) else "raw"
    if name == "rgb":
        dtype, channels = "uint8", 3
    _check_nodata(nodata, dtype)
    span = full(dtype) if range is None else Span(*range)
    if span is None:
        raise ValueError(
            f"{dtype} pictures have no range of their own; give --range LOW HIGH "
            f"(the first real picture holds {_extent(real, nodata)})"
        )
    low, high = np.asarray(span.low), np.asarray(span.high)
    if not (np.isfinite(low).all() and np.isfinite(high).all() and (low < high).all()):
        raise ValueError(f"a range from {low} to {high} is none; give a lower and a higher number")
    return Protocol(name, dtype, channels, span, nodata)


def _check_nodata(nodata: float | None, dtype: str) -> None:
    if nodata is None or np.dtype(dtype).kind == "f":
        return
    if not (float(nodata).is_integer() and 0 <= nodata <= np.iinfo(dtype).max):
        raise ValueError(f"no pixel of {dtype} holds {nodata:g}; give --nodata a number that can")


def _extent(picture: Picture, nodata: float | None) -> str:
    """The smallest and the largest number that is data."""
    data = picture[np.isfinite(picture)]
    data = data if nodata is None else data[data != np.float32(nodata)]
    return f"{data.min():g} to {data.max():g}" if data.size else "no number at all"
