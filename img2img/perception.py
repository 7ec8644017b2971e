"""What is judged by frozen networks: perceptual losses, LPIPS and the features of FID."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from img2img import weights
from img2img.base.metrics.differences import check_pair
from img2img.base.metrics.lpips import lpips
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.span import Mask, Span
from img2img.base.metrics.table import Metric
from img2img.images import Picture, to_channels
from img2img.networks.features import extractor, network
from img2img.networks.features.extractor import Extractor
from img2img.networks.features.perceptual import Perceptual
from img2img.networks.features.resizing import pytorch_fid

LPIPS = {  # the networks and layers of the authors' heads
    "lpips-alex": ("alexnet", ("relu1", "relu2", "relu3", "relu4", "relu5")),
    "lpips-vgg": ("vgg16", ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3")),
}


class Judge(NamedTuple):
    """LPIPS of pictures of one range."""

    name: str
    network: Extractor
    heads: Sequence[Tensor]
    span: Span

    def state(self, fake: Picture, real: Picture, mask: Mask | None) -> Mean:
        """The state of one picture.

        Raises:
            ValueError: a mask hides pixels, which features around them have seen already.
        """
        if mask is not None and not mask.all():
            hidden = f"{mask.size - mask.sum()} of {mask.size} pixels do not count"
            raise ValueError(f"{self.name} judges whole pictures, but {hidden}; leave it out")
        units = self.span.unit(fake), self.span.unit(real)
        check_pair(*units, mask=None)
        values = torch.from_numpy(np.stack(units)).permute(0, 3, 1, 2) * 2 - 1
        features = self.network(values)
        ours, theirs = [each[:1] for each in features], [each[1:] for each in features]
        return Mean.of(lpips(ours, theirs, self.heads).tolist())


def content(features: str, folder: Path | None = None) -> Perceptual:
    """The content loss by `features`, a network and its layer, such as vgg19:relu5_4.

    Raises:
        ValueError: they are unknown, or the network's weights are not in `folder` or elsewhere.
    """
    name, colon, layer = features.partition(":")
    if not colon:
        raise ValueError(
            f"unknown features {features!r}; name a network and a layer: vgg19:relu5_4"
        )
    network(name, [layer])  # what is unknown is said before weights are looked for
    return Perceptual(extractor(name, weights.load(name, folder), [layer]))


def lpips_metric(name: str, span: Span, folder: Path | None = None) -> Metric:
    """LPIPS by the heads `name`, for pictures of the range `span`; gray is repeated to RGB.

    Raises:
        ValueError: there are no such heads, or weights are missing.
    """
    if name not in LPIPS:
        raise ValueError(f"unknown metric {name!r}; choose from {', '.join(LPIPS)}")
    backbone, layers = LPIPS[name]
    extract = extractor(backbone, weights.load(backbone, folder), layers)
    judge = Judge(name, extract, _heads(name, weights.load(name, folder), len(layers)), span)
    files = ", ".join(f"{each} {_digest(each, folder)}" for each in (backbone, name))
    definition = (
        f"LPIPS v0.1 by {backbone}, the range scaled to [-1, 1], gray repeated to RGB;"
        f" SHA-256 of the weights {files}; mean over pictures"
    )
    return Metric(judge.state, attrgetter("value"), definition, rises=False)


def fid_features(pictures: Iterable[Picture], folder: Path | None = None) -> NDArray[np.float32]:
    """What FID compares of uint8 pictures, gray or RGB of any size: pool3 of each, (n, 2048).

    Resized as pytorch-fid does.

    Raises:
        ValueError: a picture is of another kind, or the weights are missing.
    """
    extract = extractor("inception-fid", weights.load("inception-fid", folder), ["pool3"])
    rows = [extract(pytorch_fid(_bytes(picture)))[0] for picture in pictures]
    features: NDArray[np.float32] = torch.cat(rows).numpy() if rows else np.empty((0, 2048), "f4")
    return features


def _heads(name: str, given: dict[str, Tensor], count: int) -> list[Tensor]:
    keys = [f"lin{i}.model.1.weight" for i in range(count)]
    for key in keys:
        if key not in given:
            raise ValueError(f"the weights of {name} lack {key}; get their file anew")
    return [given[key].flatten() for key in keys]


def _digest(name: str, folder: Path | None) -> str:
    """The first eight digits of the SHA-256 of the weights' file."""
    return sha256(weights.find(name, folder).read_bytes()).hexdigest()[:8]


def _bytes(picture: Picture) -> Tensor:
    """(1, 3, H, W)."""
    if picture.dtype != np.uint8 or picture.shape[2] not in (1, 3):
        kind = f"{picture.dtype} in {picture.shape[2]} channels"
        raise ValueError(f"FID is of 8-bit gray or RGB pictures, not {kind}; convert them")
    return torch.from_numpy(to_channels(picture, 3).copy()).permute(2, 0, 1)[None]
