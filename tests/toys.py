"""Games of a few hundred weights: networks of 4 channels on pictures of 16 pixels."""

from collections.abc import Callable, Iterable
from math import inf
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from img2img.base import dcgan, progressive
from img2img.base.adversarial import ENERGY_BASED, WASSERSTEIN, Adversarial
from img2img.base.draws import seeded
from img2img.base.energy import Autoencoder
from img2img.base.growth import Growth
from img2img.base.initialise import initialise
from img2img.base.penalties import drift, gradient_penalty, together
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, Trainer, fit
from img2img.base.unconditional import Unconditional
from img2img.networks.patchgan import PatchGAN
from img2img.networks.resnet import ResNet
from img2img.trainers.cyclegan import CycleGAN
from img2img.trainers.pix2pix import Pix2Pix

SIZE = 16


class Pictures(NamedTuple):
    x: Tensor
    y: Tensor

    mask = mask_x = mask_y = None


def batch(rows: int = 2, step: int = 0, *, dtype: torch.dtype = torch.float64) -> Pictures:
    """Gray x and colour y of noise, in [-1, 1]."""
    x, y = (
        torch.rand(rows, channels, SIZE, SIZE, generator=seeded(step, name), dtype=torch.float64)
        for name, channels in (("x", 1), ("y", 3))
    )
    return Pictures((x * 2 - 1).to(dtype), (y * 2 - 1).to(dtype))


def drawn(network: nn.Module, name: str) -> nn.Module:
    """With first weights large enough that every term has a gradient worth the name."""
    initialise(network, "normal", seed=0, name=name, gain=0.2)
    return network.double()


def generator(name: str, x: int, y: int, *, dropout: float = 0.5, norm: str = "instance") -> Any:
    made = ResNet(in_channels=x, out_channels=y, channels=4, blocks=1, dropout=dropout, norm=norm)
    return drawn(made, name)


def judge(name: str, channels: int, gan: Adversarial | None = None) -> nn.Module:
    """Of patches, or by energies if the loss is of those."""
    if gan is ENERGY_BASED:
        seen = Autoencoder(in_channels=channels, channels=4, size=SIZE, norm="instance")
        return drawn(seen, name)
    return drawn(PatchGAN(in_channels=channels, channels=4, layers=1), name)


def pix2pix(*, dropout: float = 0.5, **options: Any) -> Pix2Pix:
    return Pix2Pix(
        generator("G", 1, 3, dropout=dropout), judge("D", 4, options.get("gan")), **options
    )


def cyclegan(*, dropout: float = 0.5, **options: Any) -> CycleGAN:
    """Identity is on: the generators meet in three channels, as x is repeated."""
    G, F = (generator(name, 3, 3, dropout=dropout) for name in "GF")
    D_X, D_Y = (judge(name, 3, options.get("gan")) for name in ("D_X", "D_Y"))
    return CycleGAN(G, F, D_X, D_Y, **{"pool": 3, **options})


def unconditional(**options: Any) -> Unconditional:
    G = drawn(dcgan.Generator(latent=6, channels=4, size=SIZE), "G")
    if options.get("gan") is ENERGY_BASED:
        D = judge("D", 3, ENERGY_BASED)
    else:
        D = drawn(dcgan.Discriminator(channels=4, size=SIZE), "D")
    return Unconditional(G, D, latent=6, **options)


GROWTH = Growth(size=SIZE, batch_size=8, fade=32, stable=16)
"""4 pixels in steps 0 and 1, 8 fade in from 2 on and are held in 6 and 7, 16 from 8 and in 12, 13.
"""


def growing(*, seed: int = 0, **options: Any) -> Unconditional:
    """As published; four pictures are a group whose variation D sees."""
    G = progressive.Generator(latent=6, channels=4, size=SIZE)
    D = progressive.Discriminator(channels=4, size=SIZE)
    for name, network in (("G", G), ("D", D)):
        initialise(network.double(), "unit", seed=seed, name=name)
    penalty = together([gradient_penalty(), drift()])
    options = {"gan": WASSERSTEIN, "penalty": penalty, "growth": GROWTH, **options}
    return Unconditional(G, D, latent=6, **options)


def pictures_of(
    trainer: Trainer[Any, Any], rows: int = 2, step: int = 0, **options: Any
) -> Pictures:
    """A batch with the channels that the game asks for."""
    x, y = batch(rows, step, **options)
    if isinstance(trainer, Pix2Pix):
        return Pictures(x, y)
    return Pictures(x.repeat(1, 3, 1, 1), y)


GAMES: dict[str, Callable[..., Trainer[Any, Any]]] = {
    "pix2pix": pix2pix,
    "cyclegan": cyclegan,
    "dcgan": unconditional,
}


def optimizers(
    trainer: Trainer[Any, Any], lr: float = 2e-4, **options: Any
) -> dict[str, Optimizer]:
    return {
        name: Optimizer(
            torch.optim.Adam(player.weights(), betas=(0.5, 0.999)), lambda step: lr, **options
        )
        for name, player in trainer.players.items()
    }


def descending(trainer: Trainer[Any, Any], lr: float = 0.01) -> dict[str, Optimizer]:
    """Plain gradient descent: a weight moves by lr times its gradient."""
    return {
        name: Optimizer(torch.optim.SGD(player.weights(), lr=lr), lambda step: lr)
        for name, player in trainer.players.items()
    }


def played(
    trainer: Trainer[Any, Any],
    steps: int,
    *,
    rows: int = 2,
    runtime: Runtime | None = None,
    **options: Any,
) -> list[dict[str, float]]:
    """The losses of so many steps of Adam."""
    batches = (pictures_of(trainer, rows, step, **options) for step in range(steps))
    return steps_of(trainer, batches, runtime)


def steps_of(
    trainer: Trainer[Any, Any], batches: Iterable[Any], runtime: Runtime | None = None
) -> list[dict[str, float]]:
    """The losses of a step of Adam on each batch."""
    return [
        {name: value.item() for name, value in step.losses.items()}
        for step in fit(trainer, batches, optimizers(trainer), runtime or Runtime("cpu"))
    ]


def difference(a: nn.Module, b: nn.Module) -> float:
    """The largest between two networks' weights, buffers and pools."""
    ours, theirs = a.state_dict(), b.state_dict()
    if any(ours[key].shape != theirs[key].shape for key in ours):
        return inf
    return max(
        (ours[key].double() - theirs[key].double()).abs().max().item()
        for key in ours
        if ours[key].numel()
    )
