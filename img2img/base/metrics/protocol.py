"""Protocol: what pictures are to be compared, by which range, and which of their pixels count."""

from collections.abc import Callable
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from img2img.base.metrics.luma import luma
from img2img.base.metrics.span import Mask, Span, Unit, check_span, full
from img2img.images import Picture, to_channels

COLOURS = {"rgb": "RGB", "sr-y": "Y of BT.601, 16 to 235", "sr-rgb": "RGB"}  # those of 8 bit
SHAVED = ("sr-y", "sr-rgb")
NAMES = ("rgb", "raw", *SHAVED, "auto")


class Protocol(NamedTuple):
    """`rgb`: 8-bit RGB, gray repeated. `raw`: the pictures' own depth and channels.

    Those of super-resolution shave off as many pixels as pictures were enlarged by: `sr-rgb` is
    rgb without this border, `sr-y` the luma of that.
    """

    name: str
    dtype: str
    channels: int
    span: Span
    nodata: float | None = None
    border: int = 0
    """Pixels on every side that are shaved off before anything is measured."""

    def facts(self) -> dict[str, Any]:
        """What a report says of it."""
        colours = {"colour_space": COLOURS[self.name]} if self.name in COLOURS else {}
        scale = {"scale": self.border} if self.name in SHAVED else {}
        kind = {"dtype": self.dtype, "channels": 1 if self.name == "sr-y" else self.channels}
        nodata = "nan" if self.nodata is not None and isnan(self.nodata) else self.nodata
        measured = {"range": [*self.span], "border": self.border, **scale, "nodata": nodata}
        return {"name": self.name, **colours, **kind, **measured}

    @property
    def unit(self) -> Callable[[Picture], Unit]:
        """Scales what is measured of a picture, as `pixels` gives it, to [0, 1]."""
        return luma if self.name == "sr-y" else self.span.unit

    def pixels(self, picture: Picture, side: str) -> Picture:
        """The picture in the protocol's channels; `side` names it, should it be refused.

        Raises:
            ValueError: it is of another depth, or of other channels.
        """
        found, accepted = picture.shape[2], (1, 3) if self.name in COLOURS else (self.channels,)
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
    scale: int | None = None,
) -> Protocol:
    """The protocol of that name for pictures like `real`; `auto` is rgb where that loses nothing.

    Without a `range`, integers have the whole of their dtype. The protocols of super-resolution
    have 0 to 255, and need the `scale` by which pictures were enlarged.

    Raises:
        ValueError: the name is unknown, a range or a scale is missing, empty or without effect, or
            no pixel can be `nodata`.
    """
    dtype, channels = real.dtype.name, real.shape[2]
    if name not in NAMES:
        raise ValueError(f"unknown protocol {name!r}; choose from {', '.join(NAMES)}")
    _check_scale(name, scale, range)
    if name == "auto":
        name = "rgb" if dtype == "uint8" and channels in (1, 3) else "raw"
    if name in COLOURS:
        dtype, channels = "uint8", 3
    _check_nodata(nodata, dtype)
    span = full(dtype) if range is None else Span(*range)
    if span is None:
        raise ValueError(
            f"{dtype} pictures have no range of their own; give --range LOW HIGH "
            f"(the first real picture holds {_extent(real, nodata)})"
        )
    check_span(span)
    return Protocol(name, dtype, channels, span, nodata, border=scale or 0)


def _check_scale(name: str, scale: int | None, range: Span | tuple[float, float] | None) -> None:
    if name not in SHAVED:
        if scale is not None:
            advice = f"leave it out, or choose from {', '.join(SHAVED)}"
            raise ValueError(f"--scale {scale} has no effect on the protocol {name}; {advice}")
    elif scale is None:
        raise ValueError(f"{name} shaves off as many pixels as pictures grew by; give --scale N")
    elif scale < 1:
        raise ValueError(f"no picture was enlarged by {scale}; give --scale a number from 1")
    elif range is not None:
        low, high = range
        raise ValueError(f"{name} has the range 0 to 255, not {low} to {high}; leave --range out")


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
