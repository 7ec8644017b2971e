"""MODES: a method's preset, the data it asks for, its trainer and its view. The table to extend."""

from collections.abc import Callable
from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any, Literal, NamedTuple

import torch
from torch import nn
from torch.nn.functional import l1_loss, mse_loss

from img2img import weights
from img2img.base import spectral
from img2img.base.adversarial import ADVERSARIAL, Adversarial, energy_based, smoothed
from img2img.base.diffaugment import composed, diff_augment
from img2img.base.growth import Growth
from img2img.base.initialise import initialise
from img2img.base.noise import instance_noise
from img2img.base.norms import use_image_statistics
from img2img.base.penalties import PENALTIES, Penalty, together
from img2img.base.trainer import Trainer
from img2img.base.unconditional import Unconditional
from img2img.config import Config, UsageError
from img2img.images import Encoding
from img2img.networks import NETWORKS, build
from img2img.networks.features import network as known_features
from img2img.networks.features.perceptual import Perceptual
from img2img.perception import content
from img2img.presets import CYCLEGAN, DCGAN, PIX2PIX, PROGRESSIVE, SRGAN
from img2img.trainers import cyclegan as cyclegan_
from img2img.trainers import pix2pix as pix2pix_
from img2img.trainers import srgan as srgan_
from img2img.views import NOISE, PAIRS, RESOLUTIONS, UNPAIRED, View

PIXELS = {"mse": partial(mse_loss, reduction="none"), "l1": partial(l1_loss, reduction="none")}


class Mode(NamedTuple):
    """A row of the table."""

    preset: Config
    paired: bool | None
    """Whether the data are pairs, or two domains; None: one domain."""
    trainer: Callable[[Config, Encoding, Encoding], Trainer[Any, Any]]
    """(config, encoding of x, encoding of y) -> the game, its networks new."""
    view: View
    reads: frozenset[str]
    """Which weights of losses its trainer takes, and whether it has a pool."""
    batch_norm: Literal["image", "running"] = "image"
    """The statistics that a generator uses once it is trained."""
    lacks: Callable[[Config], str | None] = lambda _: None
    """What a run needs after its warm start and does not find, in a sentence."""
    grows: Callable[[Config], Growth | None] = lambda _: None
    """How its networks grow while training, where they do."""


def network(
    config: Config, role: str, name: str, *, in_channels: int, out_channels: int
) -> nn.Module:
    """The configured generator or discriminator with its first weights."""
    kind, options = specified(config, role, in_channels=in_channels, out_channels=out_channels)
    made = build(kind, options)
    initialise(made, getattr(config, role).init, seed=config.seed, name=name)
    if role == "discriminator" and config.discriminator.spectral:
        spectral.normalise(made, seed=config.seed, name=name)
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
    options = {option: known[option] for option in takes if option in known}
    if role == "generator" and config.data.scale is not None:
        options["scale"] = config.data.scale
    return part["name"], options


def penalty(config: Config) -> Penalty | None:
    """The configured penalties on D, together."""
    return together([PENALTIES[it](getattr(config.weights, it)) for it in config.penalty])


def pix2pix(config: Config, x: Encoding, y: Encoding) -> pix2pix_.Pix2Pix:
    """G: X -> Y, D on both, one upon the other."""
    weights, labels = config.weights, y.kind == "labels"
    return pix2pix_.Pix2Pix(
        network(config, "generator", "G", in_channels=x.planes, out_channels=y.planes),
        network(config, "discriminator", "D", in_channels=x.planes + y.planes, out_channels=1),
        **adversarial(config),
        l1=0.0 if labels else weights.l1,
        cross_entropy=weights.cross_entropy if labels else 0.0,
        class_weights=class_weights(config, y.planes) if labels else None,
    )


def class_weights(config: Config, classes: int) -> torch.Tensor | None:
    """The configured weights of so many classes."""
    given = config.weights.classes
    if given is None:
        return None
    if len(given) != classes:
        raise UsageError(f"--weights.classes has {len(given)} numbers for {classes} classes")
    return torch.tensor(given)


def cyclegan(config: Config, x: Encoding, y: Encoding) -> cyclegan_.CycleGAN:
    """G: X -> Y, F: Y -> X, D_X and D_Y."""
    return cyclegan_.CycleGAN(
        network(config, "generator", "G", in_channels=x.planes, out_channels=y.planes),
        network(config, "generator", "F", in_channels=y.planes, out_channels=x.planes),
        network(config, "discriminator", "D_X", in_channels=x.planes, out_channels=1),
        network(config, "discriminator", "D_Y", in_channels=y.planes, out_channels=1),
        **adversarial(config),
        cycle=config.weights.cycle,
        identity=config.weights.identity,
        pool=config.pool,
    )


def srgan(config: Config, x: Encoding, y: Encoding) -> srgan_.SRGAN:
    """G: small pictures to large ones of the same kind, and D on large ones."""
    given, features = config.weights, compared(config)
    if features and y.planes not in (1, 3):
        raise UsageError(
            f"--content.features {config.content.features} sees gray or RGB, but these pictures"
            f" have {y.planes} channels; choose --content.features none"
        )
    G = network(config, "generator", "G", in_channels=x.planes, out_channels=y.planes)
    D = network(config, "discriminator", "D", in_channels=y.planes, out_channels=1)
    for batches_of_many in (G, D):
        use_image_statistics(batches_of_many, False)
    return srgan_.SRGAN(
        G,
        D,
        **adversarial(config),
        pixels=PIXELS[config.content.pixel],
        features=features,
        pixel=given.pixel,
        perceptual=given.perceptual,
        adversarial=given.adversarial,
        tv=given.tv,
        pretrain_steps=config.pretrain_steps,
    )


def compared(config: Config) -> Perceptual | None:
    """The frozen features of the content loss; None where there are none, or pixels are enough."""
    unused = config.content.features == "none" or not config.weights.perceptual
    if unused or lacks_features(config):
        return None
    folder = Path(config.weights_dir) if config.weights_dir else None
    return content(config.content.features, folder)


def lacks_features(config: Config) -> str | None:
    """Why the features of the content loss cannot be had; None if they can, or are not needed.

    Raises:
        ValueError: there is no such network or layer.
    """
    (name, _, layer), folder = config.content.features.partition(":"), config.weights_dir
    if name == "none" or not config.weights.perceptual:
        return None
    known_features(name, [layer])
    try:
        weights.find(name, Path(folder) if folder else None)
    except weights.MissingWeightsError as error:
        return str(error)
    return None


def unconditional(config: Config, x: Encoding, _: Encoding) -> Unconditional:
    """Pictures of X from noise."""
    latent = config.generator.latent
    return Unconditional(
        network(config, "generator", "G", in_channels=latent, out_channels=x.planes),
        network(config, "discriminator", "D", in_channels=x.planes, out_channels=1),
        latent=latent,
        growth=growth(config),
        **adversarial(config),
    )


def growth(config: Config) -> Growth | None:
    """How a progressive run grows."""
    if config.mode != "progressive":
        return None
    given = config.growth
    return Growth(
        size=config.data.size,
        batch_size=config.batch_size,
        fade=given.fade,
        stable=given.stable,
        batches=given.batches,
    )


def loss(config: Config) -> Adversarial:
    """The configured adversarial loss."""
    given = config.discriminator
    if config.adversarial == "energy-based":
        return energy_based(given.margin, config.weights.pull_away)
    return smoothed(ADVERSARIAL[config.adversarial], given.smoothing)


def adversarial(config: Config) -> dict[str, Any]:
    """What every game between G and D takes."""
    given = config.discriminator
    noise = instance_noise(given.noise, given.noise_steps or 1)
    return {
        "gan": loss(config),
        "penalty": penalty(config),
        "augment": composed(diff_augment(given.augment), noise),
        "discriminator": config.weights.discriminator,
        "critic_steps": config.n_critic,
    }


MODES = {
    "pix2pix": Mode(
        PIX2PIX,
        paired=True,
        trainer=pix2pix,
        view=PAIRS,
        reads=frozenset(
            f"weights.{name}"
            for name in ("l1", "discriminator", "cross_entropy", "classes", "balanced")
        ),
    ),
    "cyclegan": Mode(
        CYCLEGAN,
        paired=False,
        trainer=cyclegan,
        view=UNPAIRED,
        reads=frozenset({"weights.cycle", "weights.identity", "weights.discriminator", "pool"}),
    ),
    "srgan": Mode(
        SRGAN,
        paired=None,
        trainer=srgan,
        view=RESOLUTIONS,
        reads=frozenset(
            f"weights.{name}"
            for name in ("pixel", "perceptual", "adversarial", "tv", "discriminator")
        ),
        batch_norm="running",
        lacks=lacks_features,
    ),
    "dcgan": Mode(
        DCGAN,
        paired=None,
        trainer=unconditional,
        view=NOISE,
        reads=frozenset({"weights.discriminator"}),
        batch_norm="running",
    ),
    "progressive": Mode(
        PROGRESSIVE,
        paired=None,
        trainer=unconditional,
        view=NOISE,
        reads=frozenset({"weights.discriminator"}),
        batch_norm="running",
        grows=growth,
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
