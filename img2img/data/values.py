"""Values: what the pixels of a domain are, as a state that adds."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from img2img.data.colours import CELLS, Colours, border, cells
from img2img.images import Picture

BINS = {"uint8": 2**8, "uint16": 2**16, "float32": 2**16}
SIGN = np.uint32(2**31)
HALF = np.uint32(16)  # bits of a float that choose no bin


@dataclass(frozen=True)
class Values:
    """Counts of the pixels of pictures of one dtype and number of channels; sums of states add.

    NaN and infinities are counted, and left out of all else.
    """

    dtype: str
    pictures: int
    constant: int
    """Pictures of one colour."""
    empty: int
    """Pictures without any finite pixel."""
    nan: int
    infinite: int
    pixels: int
    same: int
    """Pixels that equal their right neighbour in all channels; of a label map nearly all do."""
    counts: NDArray[np.int64]
    """(C, bins); a bin of float32 is as wide as 1/128 of its value, those of integers 1."""
    low: NDArray[np.float64]  # (C,), inf where there is no value
    high: NDArray[np.float64]  # (C,), -inf likewise
    colours: Colours
    cells: NDArray[np.int64]
    """Of uint8 RGB, as `colours.cells` counts them; of all else zeros."""
    border: Colours
    """As `colours.border` counts them."""

    @classmethod
    def of(cls, picture: Picture) -> Values:
        """The state of one picture, (H, W, C)."""
        pixels = picture.reshape(-1, picture.shape[2])
        finite = np.isfinite(pixels)
        whole = finite.all(axis=1)
        kept = pixels if whole.all() else pixels[whole]
        channels = [channel[good] for channel, good in zip(pixels.T, finite.T, strict=True)]
        bins, rgb = BINS[picture.dtype.name], picture.dtype == np.uint8 and picture.shape[2] == 3
        return cls(
            dtype=picture.dtype.name,
            pictures=1,
            constant=int(len(kept) == len(pixels) > 0 and bool((kept == kept[0]).all())),
            empty=int(not len(kept)),
            nan=int(np.isnan(pixels).sum()),
            infinite=int(np.isinf(pixels).sum()),
            pixels=len(pixels),
            same=int((picture[:, 1:] == picture[:, :-1]).all(axis=2).sum()),
            counts=np.stack([np.bincount(_bins(c), minlength=bins) for c in channels]),
            low=np.array([c.min(initial=np.inf) for c in map(np.float64, channels)]),
            high=np.array([c.max(initial=-np.inf) for c in map(np.float64, channels)]),
            colours=Colours.of(kept),
            cells=cells(picture) if rgb else np.zeros((CELLS,) * 3, np.int64),
            border=border(picture),
        )

    def __add__(self, other: Values) -> Values:
        kinds = [f"{it.dtype} in {len(it.counts)} channels" for it in (self, other)]
        if kinds[0] != kinds[1]:
            raise ValueError(f"{' and '.join(kinds)} do not add; convert the pictures to one kind")
        ours, theirs = ({f.name: getattr(it, f.name) for f in fields(it)} for it in (self, other))
        total = {name: ours[name] + theirs[name] for name in ours.keys() - {"dtype", "low", "high"}}
        low, high = np.minimum(self.low, other.low), np.maximum(self.high, other.high)
        return Values(dtype=self.dtype, low=low, high=high, **total)

    def percentile(self, percent: float) -> NDArray[np.float64]:
        """(C,): the least value that so many percent of a channel's values do not exceed.

        Exact for integers, and for float32 to 1/128 of the value; nan where there is none.
        """
        found = [self._percentile(channel, percent) for channel in range(len(self.counts))]
        return np.array(found)

    def _percentile(self, channel: int, percent: float) -> float:
        upto = self.counts[channel].cumsum()
        if not upto[-1]:
            return float("nan")
        rank = min(max(1, int(np.ceil(percent / 100 * upto[-1]))), upto[-1])
        place = int(np.searchsorted(upto, rank))
        if self.dtype != "float32":
            return float(place)
        count = self.counts[channel, place]
        edges = np.clip(_edges(place), self.low[channel], self.high[channel])
        return float(edges[1] + (edges[0] - edges[1]) * ((upto[place] - rank) / count))


def range_of(values: Values, low_percent: float, high_percent: float) -> tuple[float, float]:
    """From the least low percentile of any channel to the greatest high one; nan without values."""
    low, high = values.percentile(low_percent), values.percentile(high_percent)
    return float(np.fmin.reduce(low)), float(np.fmax.reduce(high))


def _bins(values: NDArray[np.generic]) -> NDArray[np.intp]:
    """The bin of each value: integers themselves; of floats sign, exponent and 7 bits, in order."""
    if values.dtype != np.float32:
        return values.astype(np.intp)
    bits = np.ascontiguousarray(values).view(np.uint32)
    return (np.where(bits & SIGN, ~bits, bits | SIGN) >> HALF).astype(np.intp)


def _edges(place: int) -> NDArray[np.float64]:
    """The least and the greatest float32 of a bin."""
    ordered = np.array((place << 16, (place << 16) + 0xFFFF), np.uint32)
    bits = np.where(ordered & SIGN, ordered ^ SIGN, ~ordered)
    return bits.view(np.float32).astype(np.float64)
