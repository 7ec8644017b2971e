"""The networks by name: any generator serves any trainer."""

from collections.abc import Mapping
from inspect import signature
from typing import Any

from torch import nn

from img2img.base import dcgan
from img2img.networks.patchgan import PatchGAN
from img2img.networks.resnet import ResNet
from img2img.networks.unet import UNet

NETWORKS: dict[str, type[nn.Module]] = {
    "unet": UNet,
    "resnet": ResNet,
    "patchgan": PatchGAN,
    "dcgan": dcgan.Generator,
    "dcgan-discriminator": dcgan.Discriminator,
}


def build(name: str, options: Mapping[str, Any]) -> nn.Module:
    """The network called `name` with these keywords.

    Raises:
        ValueError: no network has the name, or it does not take one of the options.
    """
    if name not in NETWORKS:
        raise ValueError(f"unknown network {name!r}; choose from {', '.join(sorted(NETWORKS))}")
    known = signature(NETWORKS[name]).parameters
    for option in options:
        if option not in known:
            raise ValueError(f"{name} takes no option {option!r}; it takes {', '.join(known)}")
    return NETWORKS[name](**options)
