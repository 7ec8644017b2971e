"""Record figures of the reference implementation for the parity tests.

    python tools/record_reference.py REFERENCE tests/reference [COMMIT]

REFERENCE is a checkout of junyanz/pytorch-CycleGAN-and-pix2pix, or of a fork that leaves it as it
is; name its COMMIT if it is another than ours. Its code is imported from there and run on the CPU;
none of it is stored. Weights, pictures and the pool's random numbers
follow from names (`drawn`), so the tests make them again and only results are written:
`reference.json` (what was run, by which code and libraries) and safetensors beside it.
"""

import hashlib
import json
import math
import platform
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import Tensor, nn

COMMIT = "zenml-io/pytorch-CycleGAN-and-pix2pix 00d5574908eb66fe0127b32d7b030001453f21d0"
STEPS, EPOCH = 60, 20  # one epoch at the full learning rate, then two of its linear decay
SIZE, POOL = 32, 4

OPTIONS = {  # what the reference's command line would give its models
    **{"lr": 2e-4, "beta1": 0.5, "lr_policy": "linear", "pool_size": POOL, "netD": "n_layers"},
    **{"epoch_count": 1, "n_epochs": 1, "n_epochs_decay": STEPS // EPOCH - 1},
    **{"lambda_L1": 100.0, "lambda_A": 10.0, "lambda_B": 10.0, "lambda_identity": 0.5},
    **{"input_nc": 3, "output_nc": 3, "no_dropout": True, "direction": "AtoB", "isTrain": True},
    **{"init_type": "normal", "init_gain": 0.02, "continue_train": False, "verbose": False},
    **{"gpu_ids": [], "checkpoints_dir": "", "name": "", "preprocess": ""},
}
PIX2PIX = {"mode": "pix2pix", "netG": "unet", "gan_mode": "vanilla", "ndf": 2, "n_layers_D": 2}
CYCLEGAN = {
    "mode": "cycle_gan",
    "netG": "resnet",
    "gan_mode": "lsgan",
    "ngf": 2,
    "ndf": 2,
    "n_layers_D": 2,
}
TRAININGS: dict[str, dict[str, Any]] = {
    "pix2pix-batch-norm-1": PIX2PIX | {"norm": "batch", "batch": 1, "ngf": 2},
    "pix2pix-batch-norm-2": PIX2PIX | {"norm": "batch", "batch": 2, "ngf": 1},
    "pix2pix-instance-norm-1": PIX2PIX | {"norm": "instance", "batch": 1, "ngf": 1},
    "pix2pix-instance-norm-2": PIX2PIX | {"norm": "instance", "batch": 2, "ngf": 1},
    "cyclegan-1": CYCLEGAN | {"norm": "instance", "batch": 1},
    "cyclegan-2": CYCLEGAN | {"norm": "instance", "batch": 2},
}

IMPORTS: dict[str, dict[str, Any]] = {  # arguments of the reference's define_G and define_D
    "resnet-9-instance": {"netG": "resnet_9blocks", "norm": "instance"},
    "resnet-9-instance-old": {"netG": "resnet_9blocks", "norm": "instance", "old": True},
    "resnet-6-dropout": {"netG": "resnet_6blocks", "norm": "instance", "use_dropout": True},
    "resnet-9-batch": {"netG": "resnet_9blocks", "norm": "batch"},
    "resnet-6-none": {"netG": "resnet_6blocks", "norm": "none", "output_nc": 1},
    "unet-256-dropout": {"netG": "unet_256", "norm": "batch", "use_dropout": True},
    "unet-128": {"netG": "unet_128", "norm": "batch", "size": 128},
    "unet-128-instance": {"netG": "unet_128", "norm": "instance", "size": 128, "input_nc": 1},
    "patchgan-3": {"netD": "basic", "norm": "instance"},
    "patchgan-5": {"netD": "n_layers", "n_layers_D": 5, "norm": "batch", "input_nc": 6},
    "pixel-batch": {"netD": "pixel", "norm": "batch", "input_nc": 6},
    "pixel-instance": {"netD": "pixel", "norm": "instance"},
}

PICTURES: dict[str, dict[str, Any]] = {  # sizes are (width, height); two halves are a pair
    "wide": {"size": (53, 37), "load_size": 40, "crop_size": 32},
    "tall": {"size": (31, 64), "load_size": 40, "crop_size": 32},
    "small": {"size": (17, 19), "load_size": 40, "crop_size": 32},
    "gray": {"size": (45, 51), "load_size": 40, "crop_size": 32, "channels": 1},
    "papers": {"size": (301, 223), "load_size": 286, "crop_size": 256},
    "pair": {"size": (92, 45), "load_size": 40, "crop_size": 32, "halves": True},
    "odd-pair": {"size": (91, 45), "load_size": 40, "crop_size": 32, "halves": True},
}


def drawn(name: str, shape: tuple[int, ...]) -> np.ndarray:
    """float64, uniform in [-1, 1): the SHAKE-256 stream of a name, on any machine the same."""
    stream = hashlib.shake_256(name.encode()).digest(8 * math.prod(shape))
    return ((np.frombuffer(stream, "<u8") >> 11) * 2.0**-52 - 1).reshape(shape)


def weights(name: str, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Tensor]:
    """A state dict drawn tensor by tensor, float64: what a trained network's might look like."""

    def tensor(key: str, shape: tuple[int, ...]) -> Tensor:
        if key.endswith("num_batches_tracked"):
            return torch.tensor(7)
        values = torch.from_numpy(drawn(f"{name}/{key}", shape))
        if len(shape) == 4:
            return values * math.sqrt(3 / math.prod(shape[1:]))
        return 0.1 * values if key.endswith(("bias", "mean")) else 1 + 0.2 * values

    return {key: tensor(key, shape) for key, shape in shapes.items()}


def batch(name: str, step: int, side: str, count: int) -> Tensor:
    """(count, 3, SIZE, SIZE) in [-1, 1], float64: the pictures of one side at one step."""
    return torch.from_numpy(drawn(f"{name}/{side}/{step}", (count, 3, SIZE, SIZE)))


def picture(name: str, size: tuple[int, int]) -> np.ndarray:
    """HWC uint8 RGB noise, the hardest thing to resize."""
    return ((drawn(name, (size[1], size[0], 3)) + 1) * 128).astype(np.uint8)


class PoolDraws:
    """Stands for `random` in the reference's pool and keeps (uniform, index) of every query."""

    def __init__(self, name: str) -> None:
        self.stream: Iterator[float] = iter((drawn(f"{name}/pool", (999,)) + 1) / 2)
        self.draws: list[list[float]] = []

    def uniform(self, low: float, high: float) -> float:
        """Keep the picture (up to a half) or swap it; the index is -1 until it is asked for."""
        self.draws.append([low + (high - low) * next(self.stream), -1])
        return self.draws[-1][0]

    def randint(self, low: int, high: int) -> int:
        """The place in the pool that is swapped, `high` included."""
        self.draws[-1][1] = low + int(next(self.stream) * (high + 1 - low))
        return int(self.draws[-1][1])


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    """Key -> shape of a state dict."""
    return {key: tuple(value.shape) for key, value in network.state_dict().items()}


def generator(
    networks: Any, inputs: int, outputs: int, ngf: int, name: str, norm: str, *_: Any
) -> Any:
    """The smallest generators of the reference's classes: its factory has full-size ones only."""
    layer = networks.get_norm_layer(norm)
    if name == "unet":
        return networks.UnetGenerator(inputs, outputs, 5, ngf, norm_layer=layer)
    return networks.ResnetGenerator(inputs, outputs, ngf, norm_layer=layer, n_blocks=2)


def train(name: str, record: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Run the reference's own model class for STEPS steps in float64."""
    networks = import_module("models.networks")
    options = SimpleNamespace(**OPTIONS, **record)
    torch.set_default_dtype(torch.float64)
    with patch.object(networks, "define_G", partial(generator, networks)):
        model = import_module("models").find_model_using_name(record["mode"])(options)
    model.setup(options)
    players = {player: getattr(model, f"net{player}") for player in model.model_names}
    for player, network in players.items():
        network.load_state_dict(weights(f"{name}/{player}", shapes(network)))
    pool = import_module("util.image_pool").random = PoolDraws(name)  # type: ignore[attr-defined]
    rates, losses = [], []
    for step in range(STEPS):
        x, y = (batch(name, step, side, record["batch"]) for side in "xy")
        rates.append(model.optimizers[0].param_groups[0]["lr"])
        model.set_input({"A": x, "B": y, "A_paths": "", "B_paths": ""})
        model.optimize_parameters()
        losses.append(list(model.get_current_losses().values()))
        if step % EPOCH == EPOCH - 1:
            model.update_learning_rate()
    torch.set_default_dtype(torch.float32)
    tensors = {"lr": torch.tensor(rates, dtype=torch.float64)}
    tensors["losses"] = torch.tensor(losses, dtype=torch.float64)  # (STEPS, terms)
    tensors["draws"] = torch.tensor(pool.draws, dtype=torch.float64).reshape(-1, 2)
    for player, network in players.items():
        tensors |= {f"{player}/{key}": value for key, value in network.state_dict().items()}
    described = {player: texts(shapes(network)) for player, network in players.items()}
    return {**record, "losses": list(model.get_current_losses()), "shapes": described}, tensors


def texts(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, str]:
    """Shapes as text: one line a tensor in the JSON."""
    return {key: " ".join(map(str, shape)) for key, shape in shapes.items()}


def sample(values: Tensor) -> Tensor:
    """About 8 x 8 places of a (1, C, H, W) output, its mean and its spread, flat."""
    stride = max(1, values.shape[-1] // 8)
    places = values[:, :, ::stride, ::stride].flatten()
    return torch.cat([places, values.mean()[None], values.std()[None]])


@torch.no_grad()
def answer(name: str, record: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Outputs of one network: with running statistics, and with its input's own."""
    networks = import_module("models.networks")
    arguments: dict[str, Any] = {"input_nc": 3, "size": 256, **record}
    size, old = arguments.pop("size"), arguments.pop("old", False)
    if "netG" in record:
        network = networks.define_G(**{"output_nc": 3, "ngf": 4, **arguments})
    else:
        network = networks.define_D(**{"ndf": 4, **arguments})
    network.load_state_dict(
        {key: value.float() for key, value in weights(name, shapes(network)).items()}
    )
    inputs = torch.from_numpy(drawn(f"{name}/input", (1, arguments["input_nc"], size, size)))
    running = network.eval()(inputs.float())
    network.train().apply(lambda module: module.eval() if isinstance(module, nn.Dropout) else None)
    image = network(inputs.float())
    if old:  # files from before PyTorch 0.4 hold statistics that instance norm never uses
        for module in network.modules():
            if isinstance(module, nn.InstanceNorm2d):
                module.register_buffer("running_mean", torch.zeros(module.num_features))
                module.register_buffer("running_var", torch.zeros(module.num_features))
    described = {**record, "size": size, "shapes": texts(shapes(network))}
    return described, {f"{name}/running": sample(running), f"{name}/image": sample(image)}


def prepare(name: str, record: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Grey levels after the reference's resize, crop and flip at the place that it drew."""
    module: Any = import_module("data.base_dataset")
    channels = record.get("channels", 3)
    options = SimpleNamespace(
        preprocess="resize_and_crop", no_flip=False, phase="train", max_dataset_size=9,
        direction="AtoB", input_nc=channels, output_nc=channels, **record,
    )  # fmt: skip
    random.seed(name)
    place = module.get_params(options, record["size"])
    whole = Image.fromarray(picture(name, record["size"]))
    if "halves" in record:
        aligned: Any = import_module("data.aligned_dataset")
        aligned.get_params = lambda options, size: place
        with tempfile.TemporaryDirectory() as options.dataroot:
            (Path(options.dataroot) / "train").mkdir()
            whole.save(Path(options.dataroot) / "train" / "pair.png")
            results = {side: aligned.AlignedDataset(options)[0][side] for side in "AB"}
    else:
        results = {"A": module.get_transform(options, place, grayscale=channels == 1)(whole)}
    levels = {side: ((value + 1) * 127.5).round().byte() for side, value in results.items()}
    hashes = {side: hashlib.sha256(value.numpy().tobytes()) for side, value in levels.items()}
    described = {**record, **place, "sha256": {side: h.hexdigest() for side, h in hashes.items()}}
    stored = {f"{name}/{side}": value for side, value in levels.items() if name != "papers"}
    return described, stored  # (C, H, W) uint8


def source(reference: Path, commit: str) -> dict[str, Any]:
    """Whose figures these are: the commit, its files' hashes, the libraries that ran it."""
    files = sorted(
        path for part in ("models", "data", "util") for path in reference.glob(part + "/*.py")
    )
    hashes = {
        str(f.relative_to(reference)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files
    }
    libraries = {name: version(name) for name in ("torch", "torchvision", "pillow", "numpy")}
    return {"commit": commit, "sha256": hashes, "python": platform.python_version(), **libraries}


def main(reference: Path, out: Path, commit: str = COMMIT) -> None:
    """Record everything into `out`."""
    sys.path.insert(0, str(reference))
    torch.set_num_threads(1)
    out.mkdir(parents=True, exist_ok=True)
    records: dict[str, Any] = {"source": source(reference, commit), "trainings": {}}
    for name, record in TRAININGS.items():
        records["trainings"][name], tensors = train(name, record)
        save_file(tensors, out / f"{name}.safetensors")
    for table, cases, run in (
        ("imports", IMPORTS, answer),
        ("preprocessing", PICTURES, prepare),
    ):
        results = {name: run(name, record) for name, record in cases.items()}
        records[table] = {name: described for name, (described, _) in results.items()}
        tensors = {key: value for _, stored in results.values() for key, value in stored.items()}
        save_file(tensors, out / f"{table}.safetensors")
    (out / "reference.json").write_text(json.dumps(records, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
