"""Whether a configuration's loss, penalties and discriminator fit each other."""

from inspect import signature

from img2img.base.adversarial import ADVERSARIAL
from img2img.config import Config, UsageError
from img2img.networks import NETWORKS

SMOOTHED = [name for name, loss in ADVERSARIAL.items() if loss.softened]
SLOPES = ("gp", "lp", "r1", "r2")


def check_adversary(config: Config) -> None:
    """Raise UsageError unless D can play the game that is asked for."""
    D, name = config.discriminator, config.discriminator.name
    slopes = [penalty for penalty in config.penalty if penalty in SLOPES]
    if slopes and D.norm == "batch" and "norm" in signature(NETWORKS[name]).parameters:
        raise UsageError(
            f"--penalty {slopes[0]} is on the slope at each picture by itself, but batch norm mixes"
            " the batch; add --discriminator.norm instance (or none)"
        )
    energies = config.adversarial == "energy-based"
    if energies and config.mode == "progressive":
        raise UsageError(
            "--adversarial energy-based needs an autoencoder, and none grows; choose another loss,"
            " or --mode dcgan"
        )
    if energies and name != "autoencoder":
        raise UsageError(
            f"--adversarial energy-based needs a discriminator that draws what it sees, not {name};"
            " choose --discriminator.name autoencoder"
        )
    if name == "autoencoder" and not energies:
        raise UsageError(
            "--discriminator.name autoencoder gives energies, not logits for"
            f" {config.adversarial}; choose --adversarial energy-based"
        )
    if D.smoothing and config.adversarial not in SMOOTHED:
        raise UsageError(
            f"--discriminator.smoothing has no meaning for {config.adversarial}, which has no"
            f" target; choose from {', '.join(SMOOTHED)}, or leave it out"
        )
    for role in ("generator", "discriminator"):
        network, init = getattr(config, role).name, getattr(config, role).init
        if (init == "unit") != network.startswith("progressive"):
            raise UsageError(
                f"--{role}.init {init} does not go with {network}; leave it out (unit is for layers"
                " that are scaled as they run, and for those alone)"
            )
    if D.noise and not D.noise_steps:
        raise UsageError(
            f"--discriminator.noise {D.noise:g} falls to 0 over a number of steps; add"
            " --discriminator.noise-steps, such as half of the run's"
        )
    if (D.spectral or D.clip) and name == "progressive-discriminator":
        option = "spectral" if D.spectral else "clip"
        raise UsageError(
            f"--discriminator.{option} does not go with {name}, whose layers are scaled already;"
            " leave it out"
        )
