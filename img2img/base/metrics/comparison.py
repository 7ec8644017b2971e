"""Comparison: which metrics are asked for, of which pictures, under which protocol."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from img2img.base.metrics.classes import (
    Classes,
    Segmenter,
    coloured,
    encoded,
    indexed,
    segmented,
)
from img2img.base.metrics.palette import find, load
from img2img.base.metrics.protocol import SHAVED, Protocol, settle
from img2img.base.metrics.span import Span, full
from img2img.base.metrics.table import SHARES, Factory, Metric, choose
from img2img.images import Encoding, Labels, Levels, Picture

OF_LEVELS, OF_LABELS = ("l1", "psnr", "ssim"), ("accuracy", "iou")
OF_SHAVED = ("psnr", "ssim")  # what papers on super-resolution print


class Comparison(NamedTuple):
    """What is measured of each fake and its real picture."""

    metrics: dict[str, Metric]
    protocol: Protocol
    classes: Classes | None = None
    """Of label maps."""


class Question(NamedTuple):
    """What a user asks; `about` the first real picture it becomes a comparison."""

    metrics: Sequence[str] | None = None
    """Their names; unless given psnr, ssim and what stands `beside` them under a protocol of
    super-resolution, else those of labels, where classes are asked for or known, or of levels.
    Classes that are asked for add accuracy and iou if no metric of labels is among them."""
    protocol: str = "auto"
    range: Span | tuple[float, float] | None = None
    """The pixels that count as 0 and 1."""
    nodata: float | None = None
    """What pixels of real pictures hold where there is no data; may be nan."""
    palette: str | Path | None = None
    """A file of class colours, or builtin:town."""
    classes: int | None = None
    """How many classes gray label maps number."""
    ignore: int | None = None
    """A label whose pixels do not count for the metrics of labels."""
    encoding: Encoding | None = None
    """Of the pictures, where it is known: it answers what is not asked."""
    scale: int | None = None
    """By how much pictures were enlarged, for the protocols of super-resolution."""
    others: Mapping[str, Factory] = MappingProxyType({})
    """Metrics by name that `choose` cannot make itself."""
    beside: Callable[[], Sequence[str]] = tuple
    """Names of the others that are measured without being asked for."""
    segmenter: Segmenter | None = None
    """Tells the classes of fakes that are photos, the real pictures being label maps."""

    def about(self, real: Picture) -> Comparison:
        """The comparison with pictures of this kind.

        Raises:
            ValueError: a name is unknown, or an option missing, without effect or not understood.
        """
        classes = self._classes()
        protocol = settle(
            self.protocol, real, range=self._range(), nodata=self.nodata, scale=self.scale
        )
        metrics = choose(self._names(), protocol.span, classes, self.others, unit=protocol.unit)
        return Comparison(metrics, protocol, classes)

    def _names(self) -> tuple[str, ...]:
        asked = self.palette is not None or self.classes is not None
        if self.metrics is not None:
            names = tuple(self.metrics)
        elif self.protocol in SHAVED:
            names = (*OF_SHAVED, *self.beside())
        else:
            return OF_LABELS if asked or isinstance(self.encoding, Labels) else OF_LEVELS
        return names + OF_LABELS if asked and not {*SHARES} & {*names} else names

    def _range(self) -> Span | tuple[float, float] | None:
        if self.protocol in SHAVED:
            return self.range
        if self.range is None and isinstance(self.encoding, Levels):
            known = limits(self.encoding)
            return None if known == full(self.encoding.dtype) else known
        return self.range

    def _classes(self) -> Classes | None:
        classes = self._of_real()
        if self.segmenter is None:
            return classes
        if classes is None:
            raise ValueError(
                f"{self.segmenter.told} tells labels of no classes; give a palette or their number"
            )
        return segmented(classes, self.segmenter)

    def _of_real(self) -> Classes | None:
        if self.palette is not None and self.classes is not None:
            raise ValueError(f"{self.palette} counts its classes itself; leave out {self.classes}")
        if self.palette is not None:
            return coloured(load(find(str(self.palette))), self.ignore)
        if self.classes is not None:
            return indexed(self.classes, self.ignore)
        if isinstance(self.encoding, Labels):
            return encoded(self.encoding, self.ignore)
        if self.ignore is not None:
            raise ValueError(f"label {self.ignore} of no classes; give a palette or their number")
        return None


def limits(levels: Levels) -> Span:
    """The range of such pictures: of all channels alike, or of each its own."""
    low, high = (ends[0] if len(set(ends)) == 1 else ends for ends in (levels.low, levels.high))
    return Span(low, high)
