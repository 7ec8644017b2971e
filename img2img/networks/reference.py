"""Others' networks, told by the names and shapes of their tensors.

The reference implementation is pytorch-CycleGAN-and-pix2pix, where a network is numbered as one
long sequence; super-resolution's MSRResNet is BasicSR's.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import torch
from torch import Tensor

from img2img.networks import build
from img2img.networks.basicsr import msrresnet

BLOCK = re.compile(r"model\.(\d+)\.conv_block\.(\d+)\.(.+)")
LEVEL = re.compile(r"model\.model((?:\.1\.model(?:\.3\.model)*)?)\.(\d+)\.(.+)")

State = Mapping[str, Tensor]
Rename = Callable[[str], str]


class Recognised(NamedTuple):
    """A network of theirs in our terms: `build(name, options)` takes `tensors`, strictly."""

    name: str
    options: dict[str, Any]
    tensors: dict[str, Tensor]


def recognise(state: State) -> Recognised:
    """Read the architecture off names and shapes, and rename the tensors.

    A U-Net's dropout leaves no trace in its weights: it is taken to be 0.5, as in the paper.

    Raises:
        ValueError: tensors are missing, left over or of a wrong shape; the first are named.
    """
    state = {key.removeprefix("module."): value for key, value in state.items()}
    state = {key: value for key, value in state.items() if not unused(key, state)}
    try:
        name, options, rename = architecture(state)
        theirs = {rename(key): key for key in state}
        with torch.device("meta"):
            expected = build(name, options).state_dict()
    except (KeyError, IndexError, ValueError):  # a first or last layer is not where it should be
        raise ValueError(f"its tensors are called {listed(sorted(state))}") from None
    tensors = {key: state[source] for key, source in theirs.items()}
    if options.get("norm") == "none":  # their convolutions have no bias then; ours do, and it is 0
        biases = (key for key in expected.keys() - tensors.keys() if key.endswith(".bias"))
        tensors |= {key: torch.zeros(expected[key].shape) for key in biases}
    kind = f"it looks like a {name} with " + ", ".join(f"{k} {v}" for k, v in options.items())
    if odd := [source for key, source in theirs.items() if key not in expected]:
        raise ValueError(f"{kind}, but has {listed(odd)} besides")
    if missing := [key for key in expected if key not in tensors]:
        raise ValueError(f"{kind}, but lacks our {listed(missing)}")
    for key, tensor in tensors.items():
        if tensor.shape != expected[key].shape or not tensor.is_floating_point():
            found = f"{theirs.get(key, key)} is {tuple(tensor.shape)} of {tensor.dtype}"
            raise ValueError(f"{kind}, but {found}, not {tuple(expected[key].shape)} of floats")
    return Recognised(name, options, {key: tensors[key] for key in expected})


def unused(key: str, state: State) -> bool:
    """Counters, and the running statistics in old files of instance norm (it has no weight)."""
    layer, _, name = key.rpartition(".")
    old = name in ("running_mean", "running_var") and f"{layer}.weight" not in state
    return old or name == "num_batches_tracked"


def architecture(state: State) -> tuple[str, dict[str, Any], Rename]:
    """Our name of the network, its options, and how its keys are renamed; KeyError if none fits."""
    if "conv_first.weight" in state:
        return "msrresnet", *msrresnet(state)
    if any(".conv_block." in key for key in state):
        return "resnet", *resnet(state)
    if any(key.startswith("model.model.") for key in state):
        return "unet", *unet(state)
    return "patchgan", *patchgan(state)


def resnet(state: State) -> tuple[dict[str, Any], Rename]:
    """Ten modules of the encoder, the blocks, and eight modules of the decoder with their Tanh."""
    blocks = len({match[1] for key in state if (match := BLOCK.fullmatch(key))})
    dropout = "model.10.conv_block.5.weight" not in state  # it moves the second convolution to 6
    first, last = state["model.1.weight"], state[f"model.{10 + blocks + 7}.weight"]
    options = {
        "in_channels": first.shape[1],
        "out_channels": last.shape[0],
        "channels": first.shape[0],
        "blocks": blocks,
        "norm": normalisation(state, "model.1"),
        "dropout": 0.5 if dropout else 0.0,
    }

    def rename(key: str) -> str:
        if block := BLOCK.fullmatch(key):
            place = int(block[2])
            moved = place if dropout or place < 5 else place + 1
            return f"body.{int(block[1]) - 10}.layers.{moved}.{block[3]}"
        _, number, name = key.split(".")
        place = int(number)
        return f"encoder.{place}.{name}" if place < 10 else f"decoder.{place - 10 - blocks}.{name}"

    return options, rename


def unet(state: State) -> tuple[dict[str, Any], Rename]:
    """Each level is its way down, the level below, its way up, in one sequence."""
    depth = 1 + max(match[1].count("model") for key in state if (match := LEVEL.fullmatch(key)))
    first, last = state["model.model.0.weight"], state["model.model.3.weight"]
    options = {
        "in_channels": first.shape[1],
        "out_channels": last.shape[1],
        "channels": first.shape[0],
        "depth": depth,
        "norm": normalisation(state, "model.model.0"),
        "dropout": 0.5,
    }

    def rename(key: str) -> str:
        match = LEVEL.fullmatch(key)
        if match is None:
            raise KeyError(key)
        level, place, name = match[1].count("model"), int(match[2]), match[3]
        if level == 0:
            return f"down.0.1.{name}" if place == 0 else f"last.{place - 2}.{name}"
        if place < 3:
            return f"down.{level}.{place}.{name}"
        above = 2 if level == depth - 1 else 4  # the innermost has no norm and nothing inside
        return f"up.{depth - 1 - level}.{place - above}.{name}"

    return options, rename


def patchgan(state: State) -> tuple[dict[str, Any], Rename]:
    """A convolution, then threes of LeakyReLU, convolution and norm; `net.` for 1x1 pixels."""
    stem = "net" if "net.0.weight" in state else "model"
    first = state[f"{stem}.0.weight"]
    convolutions = {place for place in (int(key.split(".")[1]) for key in state) if place % 3 == 2}
    options = {
        "in_channels": first.shape[1],
        "channels": first.shape[0],
        "layers": 0 if stem == "net" else len(convolutions) - 1,
        "norm": normalisation(state, f"{stem}.2"),
    }

    def rename(key: str) -> str:
        _, place, name = key.split(".")
        return f"layers.{int(place) + (place != '0')}.{name}"  # ours has an empty first norm

    return options, rename


def normalisation(state: State, convolution: str) -> str:
    """Running statistics are batch norm's; a bias ahead of a norm is instance norm's."""
    if any(key.endswith(".running_var") for key in state):
        return "batch"
    return "instance" if f"{convolution}.bias" in state else "none"


def listed(keys: list[str]) -> str:
    """The first few of them."""
    return ", ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
