"""PAIRED: the metrics of one fake and its real picture, by name; and their means over batches."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from img2img.base.metrics.differences import l1, mse, psnr
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.similarity import ssim
from img2img.images import Encoding, decode

if TYPE_CHECKING:
    from torch import Tensor

Metric = Callable[[NDArray[np.uint8], NDArray[np.uint8]], float]

PAIRED: dict[str, Metric] = {"l1": l1, "mse": mse, "psnr": psnr, "ssim": ssim}


def measure(
    fakes: "Tensor", reals: "Tensor", *, metrics: Sequence[str] = ("l1", "psnr", "ssim")
) -> dict[str, Mean]:
    """The metrics of a batch (N, C, H, W) in [-1, 1], as the 8-bit pictures that would be saved.

    Add the results of several batches name by name; `.value` finishes.
    """
    pairs = list(zip(_pictures(fakes), _pictures(reals), strict=True))
    return {name: Mean.of(PAIRED[name](*pair) for pair in pairs) for name in metrics}


def _pictures(batch: "Tensor") -> Iterable[NDArray[np.uint8]]:
    encoding = Encoding(channels=batch.shape[1])
    return [decode(values, encoding) for values in batch.detach().cpu().float().numpy()]
