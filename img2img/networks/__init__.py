"""The networks by name: any generator serves any trainer."""

from collections.abc import Mapping
from inspect import signature
from typing import Any

from torch import nn

from img2img.base import dcgan, progressive
from img2img.base.energy import Autoencoder
from img2img.networks.edsr import EDSR
from img2img.networks.enlarged import Bicubic, Enlarged
from img2img.networks.msrresnet import MSRResNet
from img2img.networks.patchgan import PatchGAN
from img2img.networks.resnet import ResNet
from img2img.networks.srgan_discriminator import SRGANDiscriminator
from img2img.networks.srresnet import SRResNet
from img2img.networks.unet import UNet

NETWORKS: dict[str, type[nn.Module]] = {
    "unet": UNet,
    "resnet": ResNet,
    "patchgan": PatchGAN,
    "dcgan": dcgan.Generator,
    "dcgan-discriminator": dcgan.Discriminator,
    "progressive": progressive.Generator,
    "progressive-discriminator": progressive.Discriminator,
    "autoencoder": Autoencoder,
    "srresnet": SRResNet,
    "msrresnet": MSRResNet,
    "edsr": EDSR,
    "bicubic": Bicubic,
    "srgan-discriminator": SRGANDiscriminator,
}
SAME_SIZE = {"unet", "resnet"}
"""The networks that keep sizes: with an option `scale` above 1 they get the enlarged picture."""


def build(name: str, options: Mapping[str, Any]) -> nn.Module:
    """The network called `name` with these keywords.

    Raises:
        ValueError: no network has the name, or it does not take one of the options.
    """
    if name not in NETWORKS:
        raise ValueError(f"unknown network {name!r}; choose from {', '.join(sorted(NETWORKS))}")
    given = dict(options)
    scale = given.pop("scale", 1) if name in SAME_SIZE else 1
    known = signature(NETWORKS[name]).parameters
    for option in given:
        if option not in known:
            raise ValueError(f"{name} takes no option {option!r}; it takes {', '.join(known)}")
    network = NETWORKS[name](**given)
    return network if scale == 1 else Enlarged(network, scale)
