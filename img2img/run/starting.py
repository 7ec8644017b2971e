"""Starting weights: another run's, or single files such as imported ones."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from img2img.base import checkpoint
from img2img.base.weights import CheckpointError, load_weights
from img2img.config import Discriminator, Generator, Part
from img2img.run.folder import read_config

PARTS: dict[str, type[Part]] = {"generator": Generator, "discriminator": Discriminator}


def adopted(sources: Sequence[Path]) -> dict[str, Any]:
    """The architectures found there, as options: nobody has to repeat them."""
    options: dict[str, Any] = {}
    for source in sources:
        if source.is_dir():
            config = read_config(source)
            options |= {role: getattr(config, role).model_dump() for role in PARTS}
            if config.data.scale is not None:
                options["data"] = {"scale": config.data.scale}
        else:
            _, metadata = load_weights(source)
            role, network = str(metadata.get("role")), metadata.get("network", {})
            whole = isinstance(network, dict) and {"name", "options"} <= network.keys()
            if role not in PARTS or not whole or "name" not in metadata:
                raise CheckpointError(f"{source} holds no single network; give a generator's file")
            known = PARTS[role].model_fields
            chosen = {k: v for k, v in network["options"].items() if k in known}
            options[role] = {"name": network["name"], **chosen}
            if "scale" in network["options"]:
                options["data"] = {"scale": network["options"]["scale"]}
    return options


def start_from(sources: Sequence[Path], networks: dict[str, nn.Module]) -> list[str]:
    """Load the weights into the networks of the same names; returns which were loaded.

    Raises:
        CheckpointError: nothing fits, or a network is of another shape.
    """
    loaded = []
    for source in sources:
        there = found(source)
        fitting = [name for name in there if name in networks]
        if not fitting:
            raise CheckpointError(
                f"{source} holds {', '.join(there)}, but {', '.join(networks)} are to be trained;"
                " give weights of one of those"
            )
        for name in fitting:
            check_shapes(f"{source}: {name}", there[name], networks[name].state_dict())
            networks[name].load_state_dict(there[name])
            loaded.append(f"{name} from {source}")
    return loaded


def check_shapes(what: str, there: Mapping[str, Tensor], here: Mapping[str, Tensor]) -> None:
    """Raise CheckpointError, naming the first tensor that differs, unless all are alike."""
    for key in [*here, *there]:
        shapes = [tuple(side[key].shape) if key in side else "absent" for side in (there, here)]
        if shapes[0] != shapes[1]:
            raise CheckpointError(
                f"{what} does not fit: {key} is {shapes[0]} there and {shapes[1]} here; leave out"
                " options of the network, and train on pictures of the same channels"
            )


def found(source: Path) -> dict[str, dict[str, Tensor]]:
    """Networks by name: the one of a file, or all of a run's best or newest checkpoint."""
    if not source.is_dir():
        tensors, metadata = load_weights(source)
        return {metadata["name"]: tensors}
    best = source / "best"
    whole = checkpoint.load(best) if best.is_dir() else checkpoint.newest(source)[0]
    if whole is None:
        raise CheckpointError(f"{source} holds no checkpoint; give a run that has been saved")
    networks: dict[str, dict[str, Tensor]] = {}
    for key, tensor in whole.weights.items():
        name, _, rest = key.partition(".")
        networks.setdefault(name, {})[rest] = tensor
    return networks
