"""Models that draw from noise, as a run writes them, made by hand."""

import torch

from img2img.base import dcgan, progressive
from img2img.base.weights import save_weights
from img2img.images import Levels

OPTIONS = {"latent": 6, "out_channels": 3, "channels": 2, "size": 8}


def described(options=OPTIONS, **changed):
    """What a run writes beside the weights of a DCGAN."""
    encoding = Levels(channels=options["out_channels"]).model_dump()
    return {
        "role": "generator",
        "name": "G",
        "mode": "dcgan",
        "network": {"name": "dcgan", "options": dict(options)},
        "direction": "AtoB",
        "input": encoding,
        "output": encoding,
        "size": options["size"],
        "resize": "crop",
        "batch_norm": "running",
        "step": 1,
        "trained_on": "x",
    } | changed


def drawing(run, *, seed=0, options=OPTIONS, **changed):
    """A run of a DCGAN, untrained; returns run."""
    torch.manual_seed(seed)
    network = dcgan.Generator(**options)
    for name, value in network.state_dict().items():
        if "running_var" in name:  # statistics that matter
            value.copy_(torch.rand(value.shape) + 0.5)
        elif value.ndim == 4:  # pictures that differ
            value.copy_(torch.randn(value.shape) / 2)
    save_weights(run / "generator.safetensors", network.state_dict(), described(options, **changed))
    return run


def growing(run, level):
    """A run that has grown to a level, of 16 pixels when it is full; returns run."""
    options = {"latent": 6, "out_channels": 3, "channels": 2, "size": 16, "level": level}
    network = {"name": "progressive", "options": options}
    weights = progressive.Generator(**options).state_dict()
    save_weights(
        run / "generator.safetensors",
        weights,
        described(mode="progressive", network=network, size=16),
    )
    return run
