"""Whether a configuration's numbers fit each other, before anything is built."""

from img2img.config import ENLARGING, Config, UsageError
from img2img.networks.patchgan import PatchGAN

LEAST = 11  # pixels within the borders of a large picture, which SSIM's window takes


def check_batch(config: Config, shares: int) -> None:
    """Raise UsageError unless the batch falls into `shares` equal parts."""
    if config.batch_size % shares:
        raise UsageError(
            f"--batch-size {config.batch_size} does not fall into {shares} equal parts (processes,"
            f" times --optimization.accumulate); choose a multiple of {shares}"
        )


def check_serves(config: Config) -> None:
    """Raise UsageError unless the generator does what the mode asks for."""
    name, mode, scale = config.generator.name, config.mode, config.data.scale
    choices = {"dcgan": ("dcgan",), "srgan": (*ENLARGING, "resnet", "unet")}
    serves = choices.get(mode, ("resnet", "unet"))
    if name not in serves:
        raise UsageError(
            f"--generator.name {name} does not serve --mode {mode}; choose from {', '.join(serves)}"
        )
    if (scale is None) == (mode == "srgan"):
        said = "needs a --data.scale, such as 4" if scale is None else "takes no --data.scale"
        raise UsageError(f"--mode {mode} {said}")
    if scale and config.data.size < 2 * scale + LEAST:
        raise UsageError(
            f"--size {config.data.size} leaves too little within borders of --data.scale {scale};"
            f" choose {(2 * scale + LEAST) // scale * scale + scale} or more"
        )
    if scale and config.data.size % scale:
        raise UsageError(
            f"--size {config.data.size} is no multiple of --data.scale {scale}; choose"
            f" {config.data.size // scale * scale or scale}"
        )
    if config.pretrain_steps and mode != "srgan":
        raise UsageError(f"--mode {mode} has no warm start; leave --pretrain-steps out")


def check_size(config: Config) -> None:
    """Raise UsageError unless the networks can work on squares of the configured size."""
    check_serves(config)
    size, generator, discriminator = config.data.size, config.generator, config.discriminator
    load = config.data.load
    if load is not None and load < size and config.data.resize != "none":
        raise UsageError(f"--data.load {load} is below --size {size}; choose {size} or more")
    if generator.name == "dcgan" and size & (size - 1):
        raise UsageError(f"--size {size}: a DCGAN draws 16, 32, 64, ... pixels; choose one of them")
    multiple = {"unet": 1 << (generator.depth or 0), "resnet": 4}.get(generator.name, 1)
    if size % multiple:
        nearest = max(1, round(size / multiple)) * multiple
        raise UsageError(
            f"--size {size} is no multiple of {multiple}, as this {generator.name} needs; choose"
            f" {nearest}" + (" or less --generator.depth" if generator.name == "unet" else "")
        )
    if discriminator.name == "patchgan":
        smallest = PatchGAN(channels=1, layers=discriminator.layers).smallest
        if size < smallest:
            raise UsageError(
                f"--size {size} is too small for a PatchGAN of {discriminator.layers} layers, which"
                f" needs {smallest}; choose fewer --discriminator.layers"
            )
