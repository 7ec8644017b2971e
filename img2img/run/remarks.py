"""What is to be said of a configuration that can be trained, but may not be what was meant."""

from collections.abc import Iterator
from inspect import signature
from math import inf

from img2img.base.variation import group_size
from img2img.config import Config
from img2img.modes import find_mode
from img2img.networks import NETWORKS
from img2img.options import flat
from img2img.run.adversaries import SLOPES

ENLARGES = ("content.", "optimization.pretrain_")
DERIVED = {"blocks", "depth"}  # follow from the size, whichever network is chosen
ADVERSARY = {"augment", "spectral", "clip", "noise", "smoothing"}


def remarks(config: Config) -> list[str]:
    """Sentences, in the order of the options."""
    unused = [f"--{key.replace('_', '-')} has no effect here" for key in idle(config)]
    return [*unused, *unpublished(config)]


def idle(config: Config) -> Iterator[str]:
    """Dotted keys that were changed, but that nothing of this run reads."""
    preset = flat(find_mode(config.mode).preset.completed().model_dump())
    taken = {role: takes(config, role) for role in ("generator", "discriminator")}
    read = reads(config)
    for key, value in flat(config.model_dump()).items():
        group, _, option = key.rpartition(".")
        if group in taken:
            unread = option not in taken[group] | DERIVED
        elif group in ("weights", "growth") or key == "pool":
            unread = key not in read
        else:
            unread = config.data.scale is None and key.startswith(ENLARGES)
        if unread and value != preset[key]:
            yield key


def takes(config: Config, role: str) -> set[str]:
    """The options of a network that have an effect on it, or on what D sees."""
    options = {"name", "init", *signature(NETWORKS[getattr(config, role).name]).parameters}
    if role == "discriminator":
        options |= ADVERSARY | ({"margin"} if config.adversarial == "energy-based" else set())
        options |= {"noise_steps"} if config.discriminator.noise else set()
    return options


def reads(config: Config) -> set[str]:
    """The weights of losses, and the other keys of the kind, that have an effect."""
    mode = find_mode(config.mode)
    found = {*mode.reads, "growth.doublings", *(f"weights.{name}" for name in config.penalty)}
    if config.adversarial == "energy-based":
        found.add("weights.pull_away")
    if mode.grows(config):
        found |= {"growth.fade", "growth.stable", "growth.batches"}
    return found


def unpublished(config: Config) -> Iterator[str]:
    """What no paper does, or what does not end well."""
    paper, features = find_mode(config.mode).preset.content.features, config.content.features
    game = config.data.scale is not None and (config.steps or inf) > config.pretrain_steps
    if game and features not in ("none", paper):
        yield f"the content loss is on {features}, which is not the paper's {paper}"
    if game and features == "none" and not config.weights.pixel:
        yield "after the warm start D's verdict alone leads G; add --weights.pixel 1"
    slopes = set(config.penalty) & set(SLOPES)
    bounded = slopes or config.discriminator.clip or config.discriminator.spectral
    if config.adversarial == "wasserstein" and not bounded:
        yield "nothing bounds the slope of a Wasserstein critic; add --penalty gp"
    if config.steps and config.n_critic > config.steps:
        yield f"G never plays: --n-critic {config.n_critic} is more than the steps of the run"
    yield from neighbourly(config)


def neighbourly(config: Config) -> Iterator[str]:
    """What pictures of a batch do to each other, where the batch is not seen as a whole."""
    together = config.adversarial in ("relativistic", "energy-based")
    growth, parts = find_mode(config.mode).grows(config), config.optimization.accumulate
    if (together or growth) and parts > 1:
        yield (
            "D compares the pictures of a batch, here within each of its"
            f" --optimization.accumulate {parts} parts alone"
        )
    if config.adversarial == "energy-based" and config.batch_size // parts == 1:
        yield "nothing is pulled away from a single picture; raise --batch-size"
    sizes = {phase.batch // parts for phase in growth.phases()} if growth else set()
    if alone := sorted(size for size in sizes if group_size(size) == 1):
        yield (
            f"D sees no variation in batches of {', '.join(map(str, alone))}, which fall into no"
            " groups of 2 to 4; choose --batch-size or --growth.batches that do"
        )
