"""MODES: a method's preset, the data it asks for, its trainer and its view. The table to extend."""

from collections.abc import Callable
from inspect import signature
from typing import Any, NamedTuple

from torch import nn

from img2img.base.adversarial import ADVERSARIAL
from img2img.base.initialise import initialise
from img2img.base.penalties import PENALTIES, Penalty
from img2img.base.trainer import Trainer
from img2img.base.unconditional import Unconditional
from img2img.config import Config, UsageError
from img2img.networks import NETWORKS, build
from img2img.presets import CYCLEGAN, DCGAN, PIX2PIX
from img2img.trainers import cyclegan as cyclegan_
from img2img.trainers import pix2pix as pix2pix_
from img2img.views import NOISE, PAIRS, UNPAIRED, View


class Mode(NamedTuple):
    """A row of the table."""

    preset: Config
    paired: bool | None
    """Whether the data are pairs, or two domains; None: one domain."""
    trainer: Callable[[Config, int, int], Trainer[Any, Any]]
    """(config, channels of x, channels of y) -> the game, its networks new."""
    view: View
    reads: frozenset[str]
    """Which weights of losses its trainer takes, and whether it has a pool."""


def network(
    config: Config, role: str, name: str, *, in_channels: int, out_channels: int
) -> nn.Module:
    """The configured generator or discriminator with its first weights."""
    kind, options = specified(config, role, in_channels=in_channels, out_channels=out_channels)
    made = build(kind, options)
    initialise(made, getattr(config, role).init, seed=config.seed, name=name)
    return made


def specified(
    config: Config, role: str, *, in_channels: int, out_channels: int
) -> tuple[str, dict[str, Any]]:
    """A network's name and all the keywords that it takes, as its file will record them."""
    part = getattr(config, role).model_dump()
    known = part | {
        "in_channels": in_channels,
        "out_channels": out_channels,
        "size": config.data.size,
    }
    takes = signature(NETWORKS[part["name"]]).parameters
    return part["name"], {option: known[option] for option in takes}


def penalty(config: Config) -> Penalty | None:
    """The configured penalty on D's gradient."""
    return None if config.penalty == "none" else PENALTIES[config.penalty]()


def pix2pix(config: Config, x: int, y: int) -> pix2pix_.Pix2Pix:
    """G: X -> Y, D on both, one upon the other."""
    return pix2pix_.Pix2Pix(
        network(config, "generator", "G", in_channels=x, out_channels=y),
        network(config, "discriminator", "D", in_channels=x + y, out_channels=1),
        gan=ADVERSARIAL[config.adversarial],
        penalty=penalty(config),
        l1=config.weights.l1,
        discriminator=config.weights.discriminator,
        critic_steps=config.n_critic,
    )


def cyclegan(config: Config, x: int, y: int) -> cyclegan_.CycleGAN:
    """G: X -> Y, F: Y -> X, and a judge of each domain."""
    return cyclegan_.CycleGAN(
        network(config, "generator", "G", in_channels=x, out_channels=y),
        network(config, "generator", "F", in_channels=y, out_channels=x),
        network(config, "discriminator", "D_X", in_channels=x, out_channels=1),
        network(config, "discriminator", "D_Y", in_channels=y, out_channels=1),
        gan=ADVERSARIAL[config.adversarial],
        penalty=penalty(config),
        cycle=config.weights.cycle,
        identity=config.weights.identity,
        discriminator=config.weights.discriminator,
        pool=config.pool,
        critic_steps=config.n_critic,
    )


def dcgan(config: Config, x: int, _: int) -> Unconditional:
    """Pictures of X from noise."""
    return Unconditional(
        network(config, "generator", "G", in_channels=config.generator.latent, out_channels=x),
        network(config, "discriminator", "D", in_channels=x, out_channels=1),
        latent=config.generator.latent,
        gan=ADVERSARIAL[config.adversarial],
        penalty=penalty(config),
        discriminator=config.weights.discriminator,
        critic_steps=config.n_critic,
    )


MODES = {
    "pix2pix": Mode(
        PIX2PIX,
        paired=True,
        trainer=pix2pix,
        view=PAIRS,
        reads=frozenset({"weights.l1", "weights.discriminator"}),
    ),
    "cyclegan": Mode(
        CYCLEGAN,
        paired=False,
        trainer=cyclegan,
        view=UNPAIRED,
        reads=frozenset({"weights.cycle", "weights.identity", "weights.discriminator", "pool"}),
    ),
    "dcgan": Mode(
        DCGAN, paired=None, trainer=dcgan, view=NOISE, reads=frozenset({"weights.discriminator"})
    ),
}


def find_mode(name: str) -> Mode:
    """The mode called so.

    Raises:
        UsageError: there is none.
    """
    if name not in MODES:
        raise UsageError(f"unknown mode {name!r}; choose from {', '.join(sorted(MODES))}")
    return MODES[name]
