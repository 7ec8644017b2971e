"""Starting weights: another run's, or single files such as imported ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from img2img.base import checkpoint
from img2img.base.checkpoint import CheckpointError, load_weights
from img2img.config import Discriminator, Generator, Part
from img2img.runs import read_config

PARTS: dict[str, type[Part]] = {"generator": Generator, "discriminator": Discriminator}


def adopted(sources: Sequence[Path]) -> dict[str, Any]:
    """The architectures found there, as options: nobody has to repeat them."""
    options: dict[str, Any] = {}
    for source in sources:
        if source.is_dir():
            config = read_config(source)
            options |= {role: getattr(config, role).model_dump() for role in PARTS}
        else:
            _, metadata = load_weights(source)
            role, network = metadata.get("role"), metadata.get("network")
            if role not in PARTS or not isinstance(network, dict):
                raise CheckpointError(f"{source} holds no single network; give a generator's file")
            known = PARTS[role].model_fields
            chosen = {k: v for k, v in network["options"].items() if k in known}
            options[role] = {"name": network["name"], **chosen}
    return options


def start_from(sources: Sequence[Path], networks: dict[str, nn.Module]) -> list[str]:
    """Load the weights into the networks of the same names; returns which were loaded.

    Raises:
        CheckpointError: nothing fits, or a network is of another shape.
    """
    loaded = []
    for source in sources:
        for name, tensors in found(source).items():
            if name not in networks:
                continue
            try:
                networks[name].load_state_dict(tensors)
            except RuntimeError as error:
                reason = " ".join(str(error).split())
                raise CheckpointError(f"{source}: {name} does not fit: {reason}") from error
            loaded.append(f"{name} from {source}")
    if sources and not loaded:
        raise CheckpointError(
            f"{', '.join(map(str, sources))}: no network is called {', '.join(networks)}"
        )
    return loaded


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
