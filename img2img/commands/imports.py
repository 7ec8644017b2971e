"""import."""

from pathlib import Path

from img2img.commands.asking import say


def import_(source: Path, out: Path, /) -> int:
    """Convert weights of others; nothing in the file is executed.

    These are the networks of pytorch-CycleGAN-and-pix2pix, and BasicSR's MSRResNet.

    Parameters
    ----------
    source
        A file such as latest_net_G.pth, CycleGAN's latest_net_D_A.pth, or MSRResNet_x4.pth.
    out
        The .safetensors file to write.
    """
    from img2img.foreign import import_weights

    found = import_weights(source, out)
    network = found["network"]
    options = ", ".join(f"{key} {value}" for key, value in network["options"].items())
    say(f"{out}: {found['name']}, {network['name']} with {options}")
    return 0
