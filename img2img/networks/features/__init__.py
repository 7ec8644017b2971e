"""Frozen feature networks by name, for metrics and perceptual losses."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from img2img.networks.features.alexnet import alexnet
from img2img.networks.features.efficientnet import efficientnet_lite0
from img2img.networks.features.extractor import Extractor, Network
from img2img.networks.features.inception import inception_fid
from img2img.networks.features.vgg import vgg16, vgg16_l2, vgg19

NETWORKS: dict[str, Callable[[], Network]] = {
    "vgg19": vgg19,
    "vgg16": vgg16,
    "alexnet": alexnet,
    "inception-fid": inception_fid,
    "efficientnet-lite0": efficientnet_lite0,
    "vgg16-l2": vgg16_l2,
}


def extractor(
    name: str,
    weights: Mapping[str, Tensor],
    layers: Sequence[str],
    dtype: torch.dtype = torch.float32,
) -> Extractor:
    """The network called `name` with these weights, as far as its `layers`, computing in `dtype`.

    The keys of `weights` are torchvision's, or those of the network's public weights; what is not
    needed, such as a classifier's, is left alone.

    Raises:
        ValueError: the network or a layer is unknown, or weights are missing or misshapen.
    """
    return Extractor(name, network(name, layers), weights, layers, dtype)


def network(name: str, layers: Sequence[str]) -> Network:
    """The network called `name`, without its weights, if it has these layers.

    Raises:
        ValueError: it is unknown, or has no such layer.
    """
    if name not in NETWORKS:
        raise ValueError(f"unknown feature network {name!r}; choose from {', '.join(NETWORKS)}")
    with torch.device("meta"):  # no memory and no random numbers for what is replaced
        found = NETWORKS[name]()
    known = [layer.name for layer in found.layers]
    for layer in layers:
        if layer not in known:
            raise ValueError(f"{name} has no layer {layer!r}; choose from {', '.join(known)}")
    if not layers:
        raise ValueError(f"no layer of {name} is named; choose from {', '.join(known)}")
    return found
