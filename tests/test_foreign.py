import json
import pickle
import re
import runpy
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate, leaky_relu, pixel_shuffle

from img2img.base.draws import seeded
from img2img.base.norms import use_image_statistics
from img2img.base.weights import load_weights
from img2img.foreign import import_weights, read_foreign
from img2img.networks import build

ROOT = Path(__file__).parents[1]
RECORDS = json.loads((ROOT / "tests/reference/reference.json").read_text())["imports"]
OUTPUTS = load_file(ROOT / "tests/reference/imports.safetensors")
RULE = runpy.run_path(str(ROOT / "tools/record_reference.py"))

ARCHITECTURES = {
    "resnet-9-instance": ("resnet", {"blocks": 9, "norm": "instance", "dropout": 0.0}),
    "resnet-9-instance-old": ("resnet", {"blocks": 9, "norm": "instance", "dropout": 0.0}),
    "resnet-6-dropout": ("resnet", {"blocks": 6, "norm": "instance", "dropout": 0.5}),
    "resnet-9-batch": ("resnet", {"blocks": 9, "norm": "batch", "dropout": 0.0}),
    "resnet-6-none": ("resnet", {"blocks": 6, "norm": "none", "dropout": 0.0, "out_channels": 1}),
    "unet-256-dropout": ("unet", {"depth": 8, "norm": "batch", "dropout": 0.5}),
    "unet-128": ("unet", {"depth": 7, "norm": "batch", "dropout": 0.5, "in_channels": 3}),
    "unet-128-instance": ("unet", {"depth": 7, "norm": "instance", "in_channels": 1}),
    "patchgan-3": ("patchgan", {"layers": 3, "norm": "instance", "in_channels": 3}),
    "patchgan-5": ("patchgan", {"layers": 5, "norm": "batch", "in_channels": 6}),
    "pixel-batch": ("patchgan", {"layers": 0, "norm": "batch", "in_channels": 6}),
    "pixel-instance": ("patchgan", {"layers": 0, "norm": "instance"}),
}


def theirs(name: str) -> OrderedDict[str, Tensor]:
    """The state dict that was recorded under this name, made again."""
    shapes = {key: tuple(map(int, text.split())) for key, text in RECORDS[name]["shapes"].items()}
    drawn = RULE["weights"](name, shapes).items()
    return OrderedDict((k, v.float() if v.is_floating_point() else v) for k, v in drawn)


def saved(folder: Path, content: object, file: str = "latest_net_G.pth") -> Path:
    torch.save(content, folder / file)
    return folder / file


def imported(source: Path) -> tuple[nn.Module, dict[str, Any]]:
    """Through a weights file of ours, into a network built from its metadata alone."""
    target = source.with_suffix(".safetensors")
    import_weights(source, target)
    tensors, metadata = load_weights(target)
    network = build(**metadata["network"])
    network.load_state_dict(tensors, strict=True)
    return network.eval(), metadata


@pytest.mark.parametrize("name", RECORDS)
@torch.no_grad()
def test_an_imported_network_gives_the_outputs_of_the_reference(name: str, tmp_path: Path) -> None:
    network, metadata = imported(saved(tmp_path, theirs(name)))
    kind, options = ARCHITECTURES[name]
    assert metadata["network"]["name"] == kind
    assert options.items() <= metadata["network"]["options"].items()
    channels, size = metadata["network"]["options"]["in_channels"], RECORDS[name]["size"]
    x = torch.from_numpy(RULE["drawn"](f"{name}/input", (1, channels, size, size))).float()
    for mode in ("running", "image"):
        use_image_statistics(network, mode == "image")
        found, expected = RULE["sample"](network(x)), OUTPUTS[f"{name}/{mode}"]
        difference = (found - expected).abs().max().item()
        print(f"{name}, {mode} statistics: largest output difference {difference:.1e}")
        assert expected.std() > 0.01  # a flat picture would prove nothing
        assert difference < 1e-5


@pytest.mark.parametrize(
    ("file", "network", "expected"),
    [
        ("latest_net_G.pth", "unet-128", ("G", "pix2pix", "generator", "AtoB", 128)),
        ("latest_net_G.pth", "resnet-9-instance", ("G", "cyclegan", "generator", "AtoB", 256)),
        ("200_net_G_A.pth", "resnet-9-instance", ("G", "cyclegan", "generator", "AtoB", 256)),
        ("200_net_G_B.pth", "resnet-9-instance", ("F", "cyclegan", "generator", "BtoA", 256)),
        ("iter_9_net_D.pth", "patchgan-5", ("D", "pix2pix", "discriminator", "AtoB", 256)),
        ("1_net_D_A.pth", "patchgan-3", ("D_Y", "cyclegan", "discriminator", "AtoB", 256)),
        ("1_net_D_B.pth", "patchgan-3", ("D_X", "cyclegan", "discriminator", "AtoB", 256)),
        ("horse2zebra.pth", "resnet-9-instance", ("G", "cyclegan", "generator", "AtoB", 256)),
    ],
)
def test_metadata_follow_from_the_file_name_and_the_network(
    file: str, network: str, expected: tuple[object, ...], tmp_path: Path
) -> None:
    _, metadata = read_foreign(saved(tmp_path, theirs(network), file))
    keys = ("name", "mode", "role", "direction", "size")
    assert tuple(metadata[key] for key in keys) == expected
    assert metadata["input"]["channels"] == metadata["network"]["options"]["in_channels"]


def test_files_of_data_parallel_of_half_precision_and_of_old_formats_load_too(
    tmp_path: Path,
) -> None:
    state = theirs("resnet-6-dropout")
    plain, _ = read_foreign(saved(tmp_path, state))
    wrapped = OrderedDict((f"module.{key}", value) for key, value in state.items())
    wrapped._metadata = {"": {"version": 1}}  # type: ignore[attr-defined]
    torch.save(wrapped, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    half = OrderedDict((key, value.half()) for key, value in state.items())
    for path in (tmp_path / "old.pth", saved(tmp_path, half)):
        tensors, _ = read_foreign(path)
        assert all(tensor.dtype == torch.float32 for tensor in tensors.values())
        for key, tensor in tensors.items():
            torch.testing.assert_close(tensor, plain[key], rtol=1e-3, atol=1e-6)


def enlarger(
    scale: int, *, channels: int = 8, blocks: int = 2, planes: int = 3, seed: int = 0
) -> dict[str, Tensor]:
    """An MSRResNet's state dict under BasicSR's names, with weights that all show."""
    wide = channels * (scale**2 if scale < 4 else 4)
    widths = {"conv_first": (channels, planes), "upconv1": (wide, channels)}
    for block in range(blocks):
        widths |= {f"body.{block}.conv{place}": (channels, channels) for place in (1, 2)}
    if scale == 4:
        widths["upconv2"] = (wide, channels)
    widths |= {"conv_hr": (channels, channels), "conv_last": (planes, channels)}
    state = {}
    for key, (outputs, inputs) in widths.items():
        drawn = torch.randn(outputs, 9 * inputs + 1, generator=seeded(seed, key))
        state[f"{key}.weight"] = drawn[:, 1:].reshape(outputs, inputs, 3, 3) / (5 * inputs) ** 0.5
        state[f"{key}.bias"] = drawn[:, 0] / 10
    return state


def enlarged(state: dict[str, Tensor], x: Tensor, scale: int) -> Tensor:
    """What BasicSR's MSRResNet makes of x: (N, C, H, W) in [0, 1], written out."""

    def layer(key: str, values: Tensor) -> Tensor:
        return conv2d(values, state[f"{key}.weight"], state[f"{key}.bias"], padding=1)

    y = leaky_relu(layer("conv_first", x), 0.1)
    for block in range(sum(key.endswith(".conv1.bias") for key in state)):
        y = y + layer(f"body.{block}.conv2", layer(f"body.{block}.conv1", y).relu())
    for key in ("upconv1", "upconv2") if scale == 4 else ("upconv1",):
        y = leaky_relu(pixel_shuffle(layer(key, y), 2 if scale == 4 else scale), 0.1)
    y = layer("conv_last", leaky_relu(layer("conv_hr", y), 0.1))
    return y + interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)


@pytest.mark.parametrize("planes", [1, 3])
@pytest.mark.parametrize(("channels", "blocks"), [(8, 2), (5, 0), (4, 11)])
@pytest.mark.parametrize("scale", [2, 3, 4])
@torch.no_grad()
def test_an_imported_msrresnet_gives_the_outputs_of_basicsrs(
    scale: int, channels: int, blocks: int, planes: int, tmp_path: Path
) -> None:
    state = enlarger(scale, channels=channels, blocks=blocks, planes=planes)
    network, metadata = imported(saved(tmp_path, {"params": state}, "net_g_latest.pth"))
    options = {"in_channels": planes, "out_channels": planes, "channels": channels}
    assert metadata["network"] == {
        "name": "msrresnet",
        "options": {**options, "blocks": blocks, "scale": scale},
    }
    x = torch.rand(2, planes, 7, 6, generator=seeded(1), dtype=torch.float64)
    expected = enlarged({key: value.double() for key, value in state.items()}, x, scale)
    upon = interpolate(x, scale_factor=scale, mode="bilinear", align_corners=False)
    assert (expected - upon).std() > 0.1  # the layers show
    torch.testing.assert_close(network.double()(x), expected, rtol=0, atol=1e-12)


def test_averaged_weights_win_and_a_plain_table_loads_too(tmp_path: Path) -> None:
    plain, averaged = enlarger(4, seed=1), enlarger(4, seed=2)
    for content, kept in (
        (plain, plain),
        ({"params": plain}, plain),
        ({"params_ema": averaged}, averaged),
        ({"params": plain, "params_ema": averaged}, averaged),
        ({f"module.{key}": value.half() for key, value in plain.items()}, plain),
    ):
        tensors, _ = read_foreign(saved(tmp_path, content, "MSRResNet_x4.pth"))
        torch.testing.assert_close(
            tensors["first.0.weight"], kept["conv_first.weight"], rtol=1e-3, atol=1e-4
        )


@pytest.mark.parametrize("file", ["MSRResNet_x4_f64b16.pth", "1_net_G_B.pth", "1_net_D.pth"])
def test_metadata_of_an_enlarger_do_not_follow_from_the_file_name(
    file: str, tmp_path: Path
) -> None:
    _, metadata = read_foreign(saved(tmp_path, {"params": enlarger(2, planes=1)}, file))
    levels = {"kind": "image", "channels": 1, "dtype": "uint8", "low": (0,), "high": (255,),
              "nodata": None}  # fmt: skip
    del metadata["network"]  # told by the shapes, above
    assert metadata == {
        "format": 1, "role": "generator", "name": "G", "mode": "srgan", "direction": "AtoB",
        "input": levels, "output": levels, "size": 96, "resize": "none", "batch_norm": "running",
        "step": None, "trained_on": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"params": {}}, "holds dict, no tensor, at 'params'"),
        ({"params": {"model.0.weight": torch.zeros(3)}}, "holds dict, no tensor, at 'params'"),
        ({"params": enlarger(2), "iter": 5}, "holds dict, no tensor, at 'params'"),
        ({"params": {"params": enlarger(2)}}, "holds dict, no tensor, at 'params'"),
        ({"params": {**enlarger(2), "iter": 5}}, "holds int, no tensor, at 'iter'"),
        ({**enlarger(2), "conv_body.weight": torch.zeros(8)}, "has conv_body.weight besides"),
        ({**enlarger(2), "first.0.weight": torch.zeros(8)}, "has first.0.weight besides"),
        ({**enlarger(2), "upconv1.weight": torch.zeros(40, 8, 3, 3)}, "its tensors are called"),
        ({**enlarger(2), "upconv1.bias": torch.zeros(31)}, "upconv1.bias is (31,) of torch.float"),
        (
            {key: value for key, value in enlarger(4).items() if key != "body.0.conv2.bias"},
            "but lacks our body.0.layers.2.bias",
        ),
        (
            {key: value for key, value in enlarger(4).items() if not key.startswith("conv_first")},
            "its tensors are called body.0.conv1.bias",
        ),
    ],
)
def test_what_is_no_msrresnet_is_refused_in_one_sentence(
    content: object, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        read_foreign(saved(tmp_path, content, "net_g_latest.pth"))
    assert "\n" not in str(error.value)
    assert "and BasicSR's MSRResNet" in str(error.value)


class Hostile:
    """Writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return Path.touch, (self.mark,)


def test_a_hostile_file_is_refused_and_nothing_of_it_runs(tmp_path: Path) -> None:
    mark = tmp_path / "it-ran"
    zipped = saved(tmp_path, {"model.0.weight": Hostile(mark)})
    plain = tmp_path / "plain.pth"
    plain.write_bytes(pickle.dumps({"model.0.weight": Hostile(mark)}))
    for source in (zipped, plain):
        with pytest.raises(ValueError, match="is not a weights file"):
            import_weights(source, tmp_path / "out.safetensors")
    assert not mark.exists()
    assert not (tmp_path / "out.safetensors").exists()
    torch.load(zipped, weights_only=False)  # so it does run where anyone lets it
    assert mark.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a weights file"),
        (b"not a pickle", "is not a weights file"),
        (b"PK\x03\x04 half a zip", "is not a weights file"),
        ([1, 2], "holds list, not a table of tensors"),
        ({}, "holds dict, not a table of tensors"),
        ({"epoch": 7}, "holds int, no tensor, at 'epoch'"),
        (
            {"fc.weight": torch.zeros(3, 3)},
            "unknown architecture: its tensors are called fc.weight",
        ),
        ({"model.0.weight": torch.zeros(())}, "unknown architecture"),
    ],
)
def test_what_is_no_network_of_theirs_is_refused_in_one_sentence(
    content: object, message: str, tmp_path: Path
) -> None:
    source = tmp_path / "latest_net_G.pth"
    if isinstance(content, bytes):
        source.write_bytes(content)
    else:
        saved(tmp_path, content)
    with pytest.raises(ValueError, match=re.escape(message)) as error:
        read_foreign(source)
    assert str(source) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", RECORDS)
def test_a_tensor_too_many_too_few_or_of_a_wrong_shape_is_named(name: str, tmp_path: Path) -> None:
    state = theirs(name)
    with pytest.raises(ValueError, match=re.escape("model.78.weight")):
        read_foreign(saved(tmp_path, {**state, "model.78.weight": torch.zeros(2)}))
    middle = [key for key in state if key.endswith(".weight")][2]
    with pytest.raises(ValueError, match="unknown architecture"):
        read_foreign(saved(tmp_path, {key: state[key] for key in state if key != middle}))
    with pytest.raises(ValueError, match=re.escape(f"{middle} is (1,")):
        read_foreign(saved(tmp_path, {**state, middle: state[middle].flatten()[:1]}))


def test_targets_are_new_safetensors_files(tmp_path: Path) -> None:
    source = saved(tmp_path, theirs("unet-128"))
    with pytest.raises(ValueError, match="are kept as"):
        import_weights(source, tmp_path / "out.pth")
    (tmp_path / "kept.safetensors").write_bytes(b"mine")
    with pytest.raises(FileExistsError, match="exists already"):
        import_weights(source, tmp_path / "kept.safetensors")
    assert (tmp_path / "kept.safetensors").read_bytes() == b"mine"
    with pytest.raises(FileNotFoundError, match="there is no file"):
        import_weights(tmp_path / "none.pth", tmp_path / "out.safetensors")
