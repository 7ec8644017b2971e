"""Import: weights of the reference implementation (`latest_net_G.pth`) as weights files of ours."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from img2img.base.unpickling import saved
from img2img.base.weights import save_weights
from img2img.images import Levels
from img2img.networks.reference import recognise

NAMES = {"G": "G", "G_A": "G", "G_B": "F", "D": "D", "D_A": "D_Y", "D_B": "D_X"}
"""The reference's names of the networks and the papers'."""

ADVICE = "import reads the *_net_G*.pth and *_net_D*.pth of the reference implementation"


def import_weights(source: Path, target: Path) -> dict[str, Any]:
    """Write the network in `source` to `target`, a weights file of ours; returns its metadata.

    Raises:
        ValueError: `target` is no `.safetensors`, or `source` holds no network of theirs.
        OSError: `target` exists, or `source` does not.
    """
    source, target = Path(source), Path(target)
    if target.suffix != ".safetensors":
        raise ValueError(f"cannot write {target}: weights are kept as .safetensors; name it so")
    if target.exists():
        raise FileExistsError(f"{target} exists already; remove it or choose another name")
    tensors, metadata = read_foreign(source)
    save_weights(target, tensors, metadata)
    return metadata


def read_foreign(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The network in one of their files: float32 tensors under our names, and our metadata.

    Raises:
        ValueError: the file holds something else.
        FileNotFoundError: there is no such file.
    """
    path = Path(path)
    state = unpickle(path)
    try:
        name, options, tensors = recognise(state)
    except ValueError as error:
        raise ValueError(f"{path} is of an unknown architecture: {error}; {ADVICE}") from error
    floats = {key: tensor.float().contiguous() for key, tensor in tensors.items()}
    return floats, describe(path.name, name, options)


def unpickle(path: Path) -> dict[str, Tensor]:
    """The tensors in a file that `torch.save` wrote; anything else in it is refused unexecuted.

    Raises:
        ValueError: the file is damaged, or holds more than one table of tensors.
        FileNotFoundError: there is no such file.
    """
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}; {ADVICE}")
    try:
        state = saved(path)
    except Exception as error:  # a damaged or hostile file fails in ways without a common type
        raise ValueError(f"{path} is not a weights file; {ADVICE}") from error
    if not isinstance(state, dict) or not state:
        raise ValueError(f"{path} holds {type(state).__name__}, not a table of tensors; {ADVICE}")
    for key, value in state.items():
        if not isinstance(key, str) or not isinstance(value, Tensor):
            raise ValueError(
                f"{path} holds {type(value).__name__}, no tensor, at {key!r}; {ADVICE}"
            )
    return dict(state)


def describe(file: str, network: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Our metadata: what the file's name, the architecture and the reference's defaults tell."""
    role = "discriminator" if network == "patchgan" else "generator"
    named = re.search(r"_net_([GD](?:_[AB])?)\.pth$", file)
    letter = "G" if role == "generator" else "D"
    theirs = named[1] if named and named[1][0] == letter else letter
    return {
        "format": 1,
        "role": role,
        "name": NAMES[theirs],
        # a CycleGAN generator that is handed on alone is called G too
        "mode": "cyclegan" if "_" in theirs or network == "resnet" else "pix2pix",
        "network": {"name": network, "options": dict(options)},
        "direction": "BtoA" if theirs == "G_B" else "AtoB",
        "input": Levels(channels=options["in_channels"]).model_dump(),
        "output": Levels(channels=options.get("out_channels", 1)).model_dump(),
        "size": 2 ** options["depth"] if network == "unet" else 256,
        "resize": "squash",
        "batch_norm": "image",
        "step": None,
        "trained_on": None,
    }
