"""What is judged by frozen networks: perceptual losses, LPIPS and DISTS."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from img2img import weights
from img2img.base.metrics.differences import check_pair
from img2img.base.metrics.dists import dists
from img2img.base.metrics.lpips import lpips
from img2img.base.metrics.mean import Mean
from img2img.base.metrics.span import Mask, Span
from img2img.base.metrics.table import Metric, of_means
from img2img.images import Picture
from img2img.networks.features import extractor, network
from img2img.networks.features.perceptual import Perceptual

LPIPS = {  # the networks and layers of the authors' heads
    "lpips-alex": ("alexnet", ("relu1", "relu2", "relu3", "relu4", "relu5")),
    "lpips-vgg": ("vgg16", ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3")),
}
STAGES = ("relu1_2", "relu2_2", "relu3_3", "relu4_3", "relu5_3")  # of DISTS, beside the picture
CHANNELS = (3, 64, 128, 256, 512, 512)  # theirs


class Judge(NamedTuple):
    """A distance of pictures of one range, by features of whole pictures."""

    name: str
    distance: Callable[[Tensor], Tensor]
    """Of a fake and its real picture, (2, C, H, W) in [-1, 1]: (1,)."""
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
        return Mean.of(self.distance(values).tolist())


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
    weights.find_all((backbone, name), folder)  # all that are missing are named at once
    extract = extractor(backbone, weights.load(backbone, folder), layers)
    heads = _heads(name, weights.load(name, folder), len(layers))

    def distance(values: Tensor) -> Tensor:
        return lpips(*_sides(extract(values)), heads)

    definition = (
        f"LPIPS v0.1 by {backbone}, the range scaled to [-1, 1], gray repeated to RGB;"
        f" {weights_told(folder, backbone, name)}; mean over pictures"
    )
    return of_means(Judge(name, distance, span).state, definition, rises=False)


def dists_metric(span: Span, folder: Path | None = None) -> Metric:
    """DISTS, for pictures of the range `span` at their own size; gray is repeated to RGB.

    Raises:
        ValueError: weights are missing.
    """
    weights.find_all(("vgg16", "dists"), folder)
    extract = extractor("vgg16-l2", weights.load("vgg16", folder), STAGES)
    given = weights.load("dists", folder)
    for key in ("alpha", "beta"):
        if key not in given or given[key].numel() != sum(CHANNELS):
            raise ValueError(
                f"the weights of dists lack {key} as it should be; get their file anew"
            )
    alpha, beta = (torch.split(given[key].flatten(), [*CHANNELS]) for key in ("alpha", "beta"))

    def distance(values: Tensor) -> Tensor:
        stages = extract(values)
        picture = (values.expand(-1, 3, -1, -1) + 1) / 2
        return dists(*_sides([picture, *stages]), alpha, beta)

    definition = (
        "DISTS by VGG16 with L2 pooling, the range scaled to [0, 1], gray repeated to RGB, at the"
        f" pictures' own size; {weights_told(folder, 'vgg16', 'dists')}; mean over pictures"
    )
    return of_means(Judge("dists", distance, span).state, definition, rises=False)


def _sides(features: list[Tensor]) -> tuple[list[Tensor], list[Tensor]]:
    """Those of the fake and those of its real picture."""
    return [each[:1] for each in features], [each[1:] for each in features]


def _heads(name: str, given: dict[str, Tensor], count: int) -> list[Tensor]:
    keys = [f"lin{i}.model.1.weight" for i in range(count)]
    for key in keys:
        if key not in given:
            raise ValueError(f"the weights of {name} lack {key}; get their file anew")
    return [given[key].flatten() for key in keys]


def weights_told(folder: Path | None, *names: str) -> str:
    """Each with the first eight digits of the SHA-256 of its file."""
    found = zip(names, weights.find_all(names, folder), strict=True)
    told = (f"{name} {sha256(path.read_bytes()).hexdigest()[:8]}" for name, path in found)
    return f"SHA-256 of the weights {', '.join(told)}"
