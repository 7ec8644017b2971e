"""Whether a configuration's numbers fit each other, before anything is built."""

from img2img.base.growth import levels
from img2img.config import ENLARGING, Config, UsageError
from img2img.networks.patchgan import PatchGAN
from img2img.run.adversaries import check_adversary

LEAST = 11  # pixels within the borders of a large picture, which SSIM's window takes


def check_batch(config: Config, shares: int) -> None:
    """Raise UsageError unless every batch falls into `shares` equal parts."""
    reached = config.growth.batches[: levels(config.data.size) + 1] if config.growth.batches else ()
    sizes = [("--batch-size", config.batch_size), *(("--growth.batches", it) for it in reached)]
    for option, size in sizes:
        if size % shares:
            raise UsageError(
                f"{option} {size} does not fall into {shares} equal parts (processes, times"
                f" --optimization.accumulate); choose a multiple of {shares}"
            )


def check_serves(config: Config) -> None:
    """Raise UsageError unless the generator does what the mode asks for."""
    name, mode, scale = config.generator.name, config.mode, config.data.scale
    choices = {
        "dcgan": ("dcgan",),
        "progressive": ("progressive",),
        "srgan": (*ENLARGING, "resnet", "unet"),
    }
    serves = choices.get(mode, ("resnet", "unet"))
    if name not in serves:
        raise UsageError(
            f"--generator.name {name} does not serve --mode {mode}; choose from {', '.join(serves)}"
        )
    judge, growing = config.discriminator.name, "progressive-discriminator"
    energies = config.adversarial == "energy-based"  # refused in words of its own
    if not energies and (judge == growing) != (mode == "progressive"):
        said = f"needs --discriminator.name {growing}" if judge != growing else "does not grow"
        raise UsageError(f"--discriminator.name {judge} does not serve --mode {mode}, which {said}")
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


def check_growth(config: Config) -> None:
    """Raise UsageError unless the first pictures of a translation that grows serve too."""
    doublings = config.growth.doublings
    if not doublings:
        return
    if config.mode not in ("pix2pix", "cyclegan"):
        raise UsageError(
            f"--growth.doublings are for pix2pix and cyclegan, not {config.mode}; leave them out"
        )
    if config.discriminator.name not in ("patchgan", "autoencoder"):
        raise UsageError(
            f"--growth.doublings need a discriminator for any size, not"
            f" {config.discriminator.name}; choose --discriminator.name patchgan"
        )
    first, rest = divmod(config.data.size, 2 ** len(doublings))
    if rest:
        raise UsageError(
            f"--size {config.data.size} cannot be halved {len(doublings)} times, as"
            " --growth.doublings ask for; leave some out"
        )
    small = config.model_copy(update={"data": config.data.model_copy(update={"size": first})})
    try:
        check_networks(small)
    except UsageError as error:
        raise UsageError(f"with --growth.doublings the first pictures are small: {error}") from None


def check_size(config: Config) -> None:
    """Raise UsageError unless the networks can work on squares of the configured size."""
    check_serves(config)
    check_adversary(config)
    check_networks(config)
    check_growth(config)


def check_networks(config: Config) -> None:
    """Raise UsageError unless each network can work on squares of the configured size."""
    size, generator, discriminator = config.data.size, config.generator, config.discriminator
    load = config.data.load
    if load is not None and load < size and config.data.resize != "none":
        raise UsageError(f"--data.load {load} is below --size {size}; choose {size} or more")
    if generator.name in ("dcgan", "progressive") and size & (size - 1):
        raise UsageError(
            f"--size {size}: --mode {config.mode} draws 8, 16, 32, 64, ... pixels; choose one"
        )
    if discriminator.name == "dcgan-discriminator" and size & (size - 1):
        raise UsageError(
            f"--size {size}: a {discriminator.name} sees 8, 16, 32, 64, ... pixels; choose one, or"
            " --discriminator.name patchgan"
        )
    if discriminator.name == "srgan-discriminator" and size < 16:
        raise UsageError(f"--size {size}: a {discriminator.name} sees 16 pixels at least")
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
