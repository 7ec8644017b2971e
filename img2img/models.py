"""Models: where generators are found, and how they are loaded."""

from pathlib import Path
from typing import Any, Literal, TypedDict, Unpack

from torch import nn

from img2img.base.runtime import pick_device
from img2img.base.weights import CheckpointError, load_weights
from img2img.config import UsageError
from img2img.generator import Generator, Scale
from img2img.images import described
from img2img.networks import build
from img2img.sampler import Sampler

DIRECTIONS = ("AtoB", "BtoA")
BUILTIN = Path(__file__).parent / "builtin"
NEEDED = {"mode", "network", "direction", "input", "output", "size", "resize", "batch_norm"}


def find_weights(model: Path | str, direction: str | None = None) -> Path:
    """The generator's file in a run, or the file itself.

    Raises:
        ValueError: there is none, or several to choose from and no direction.
    """
    path = Path(model)
    if str(model).startswith("builtin:"):
        return builtin(str(model).removeprefix("builtin:"))
    if direction is not None and direction not in DIRECTIONS:
        raise ValueError(f"unknown direction {direction!r}; choose from {', '.join(DIRECTIONS)}")
    if not path.is_dir():
        if not path.exists():
            raise ValueError(f"there is no model {path}; give a run or a generator's file")
        return path
    both = {name: path / f"generator_{name}.safetensors" for name in DIRECTIONS}
    single = path / "generator.safetensors"
    if single.is_file():
        return single
    there = {name: file for name, file in both.items() if file.is_file()}
    if not there:
        raise ValueError(f"{path} holds no generator; give a run that has been saved")
    return there.get(direction or "AtoB") or next(iter(there.values()))


def builtin(name: str) -> Path:
    """The file of a generator that comes with the package.

    Raises:
        ValueError: there is none of that name.
    """
    files = {path.stem: path for path in sorted(BUILTIN.glob("*.safetensors"))}
    if name not in files:
        choices = ", ".join(f"builtin:{known}" for known in files)
        raise ValueError(f"no generator builtin:{name} is built in; choose from {choices}")
    return files[name]


def as_direction(name: str) -> Literal["AtoB", "BtoA"]:
    """The direction of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in ("AtoB", "BtoA"):
        raise ValueError(f"unknown direction {name!r}; choose from AtoB, BtoA")
    return "AtoB" if name == "AtoB" else "BtoA"


class Ways(TypedDict, total=False):
    """How a translator is used, as `load_generator` explains it."""

    scale: Scale | None
    batch_norm: Literal["image", "running"] | None
    dropout: bool
    ensemble: bool


def load_generator(
    model: Path | str,
    *,
    direction: Literal["AtoB", "BtoA"] | None = None,
    device: str = "auto",
    scale: Scale | None = None,
    batch_norm: Literal["image", "running"] | None = None,
    dropout: bool = False,
    ensemble: bool = False,
) -> Generator | Sampler:
    """The generator of a run or file, or builtin:NAME; its `.network` is the module.

    One that was trained to draw from noise comes as a Sampler, which takes `batch_norm` alone.
    `scale` is "train" (resized to the size trained at, and back), "native" or a factor; as it was
    trained unless given. Of a generator that enlarges, a factor is how many times the output is
    larger. `batch_norm` chooses the picture's own statistics or the running ones, `ensemble` the
    mean over the eight flips and turns of each picture.

    Raises:
        ValueError: there is no such model, it goes the other way, or takes no such option.
        CheckpointError: its file is damaged or foreign.
    """
    path = find_weights(model, direction)
    network, metadata = opened(path)
    if not draws(network):
        return translator(
            path, network, metadata, direction, device, scale=scale, batch_norm=batch_norm,
            dropout=dropout, ensemble=ensemble,
        )  # fmt: skip
    given = {"direction": direction, "scale": scale, "dropout": dropout, "ensemble": ensemble}
    useless = [name for name, value in given.items() if value not in (None, False)]
    if useless:
        raise UsageError(f"{path} draws from noise; leave {' and '.join(useless)} out")
    return Sampler(network, metadata, device=pick_device(device), batch_norm=batch_norm)


def load_translator(
    model: Path | str,
    *,
    direction: Literal["AtoB", "BtoA"] | None = None,
    device: str = "auto",
    **ways: Unpack[Ways],
) -> Generator:
    """As `load_generator`, but only what makes pictures of pictures.

    Raises:
        ValueError: as there, or the model draws from noise.
    """
    path = find_weights(model, direction)
    network, metadata = opened(path)
    if draws(network):
        raise ValueError(f"{path} draws from noise and translates nothing; give another model")
    return translator(path, network, metadata, direction, device, **ways)


def load_sampler(model: Path | str, *, device: str = "auto") -> Sampler:
    """As `load_generator`, but only what draws pictures from noise.

    Raises:
        ValueError: as there, or the model translates.
    """
    path = find_weights(model)
    network, metadata = opened(path)
    if not draws(network):
        raise ValueError(f"{path} draws nothing from noise; use `img2img translate` with it")
    return Sampler(network, metadata, device=pick_device(device))


def draws(network: nn.Module) -> bool:
    """Whether it makes pictures of noise, not of pictures."""
    return hasattr(network, "latent")


def opened(path: Path) -> tuple[nn.Module, dict[str, Any]]:
    """The network in a generator's file, and what the file says of it.

    Raises:
        CheckpointError: the file is damaged or foreign.
    """
    tensors, metadata = load_weights(path)
    if metadata.get("role") != "generator":
        role = metadata.get("role", "checkpoint")
        raise CheckpointError(f"{path} holds a {role}; give a run or a generator's file")
    if missing := NEEDED - metadata.keys():
        raise CheckpointError(
            f"{path} lacks {', '.join(sorted(missing))}; train or import it again"
        )
    try:
        network = build(metadata["network"]["name"], metadata["network"]["options"])
        network.load_state_dict(tensors)
        described(metadata["input"]), described(metadata["output"])
    except (RuntimeError, ValueError, KeyError, TypeError) as error:
        reason = " ".join(str(error).split())
        raise CheckpointError(f"{path} does not fit its own description: {reason}") from error
    return network, metadata


def translator(
    path: Path,
    network: nn.Module,
    metadata: dict[str, Any],
    direction: str | None,
    device: str,
    **ways: Unpack[Ways],
) -> Generator:
    """The network, ready for use.

    Raises:
        ValueError: it goes the other way.
    """
    if direction and metadata["direction"] != direction:
        goes = metadata["direction"]
        raise ValueError(f"{path} goes {goes}, not {direction}; leave --direction out")
    return Generator(network, metadata, device=pick_device(device), **ways)
