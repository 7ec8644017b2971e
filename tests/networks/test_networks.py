from typing import Any

import pytest
import torch
import toys
from torch import fx, nn

from img2img.base import draws
from img2img.base.norms import NORMS, use_image_statistics
from img2img.base.runtime import Runtime
from img2img.base.trainer import fit
from img2img.networks import NETWORKS, build
from img2img.networks.enlarged import Bicubic, Enlarged, bicubic
from img2img.networks.patchgan import PatchGAN
from img2img.networks.upsampling import UPSAMPLINGS
from img2img.trainers.cyclegan import CycleGAN
from img2img.trainers.pix2pix import Pix2Pix

GENERATORS: dict[str, dict[str, Any]] = {
    "unet": {"depth": 3, "channels": 4},
    "resnet": {"blocks": 1, "channels": 4},
}
ENLARGING: dict[str, dict[str, Any]] = {
    "srresnet": {"blocks": 1, "channels": 4},
    "msrresnet": {"blocks": 1, "channels": 4},
    "edsr": {"blocks": 1, "channels": 4},
    "bicubic": {},
    **GENERATORS,
}


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("upsampling", UPSAMPLINGS)
@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_can_be_traced_in_evaluation(name: str, upsampling: str, norm: str) -> None:
    options = {**GENERATORS[name], "norm": norm, "upsampling": upsampling, "dropout": 0.5}
    network = build(name, options).eval()
    traced = fx.symbolic_trace(network)
    for rows, columns in ((1, 2), (2, 1)):  # no size was written down
        x = torch.rand(rows, 3, 8 * rows, 8 * columns) * 2 - 1
        assert torch.equal(traced(x), network(x))


@pytest.mark.parametrize("statistics", ["image", "running"])
@pytest.mark.parametrize("scale", [2, 3, 4, 8])
@pytest.mark.parametrize("name", ENLARGING)
def test_an_enlarging_network_multiplies_any_sides_and_can_be_traced(
    name: str, scale: int, statistics: str
) -> None:
    network = build(name, {**ENLARGING[name], "scale": scale}).eval()
    use_image_statistics(network, statistics == "image")
    assert network.scale == scale
    traced = fx.symbolic_trace(network)
    multiple = network.multiple_of
    for rows, columns in ((3, 4), (5, 3)):
        x = torch.rand(rows, 3, rows * multiple, columns * multiple, generator=draws.seeded(0))
        made = network(x)
        assert made.shape == (rows, 3, scale * rows * multiple, scale * columns * multiple)
        assert torch.equal(traced(x), made)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("unet", {"depth": 3, "norm": "instance", "dropout": 0.5}),
        ("resnet", {"blocks": 2, "dropout": 0.5}),
        ("resnet", {"blocks": 2, "scale": 3}),
        ("srresnet", {"blocks": 2}),
        ("msrresnet", {"blocks": 2}),
        ("edsr", {"blocks": 2, "scale": 3}),
        ("srgan-discriminator", {"size": 32}),
    ],
)
def test_a_networks_gradient_in_float32_is_that_of_float64(
    name: str, options: dict[str, Any]
) -> None:
    torch.manual_seed(0)  # with other weights a ReLU may switch by rounding alone
    single = build(name, {**options, "channels": 8})
    double = build(name, {**options, "channels": 8}).double()
    double.load_state_dict(single.state_dict())
    x = torch.rand(1, 3, 32, 32, generator=draws.seeded(0)) * 2 - 1
    found = []
    for network in (single, double):
        draws.name_modules(network)
        draws.begin(draws.Position(0, 0))
        made = network(x.to(next(network.parameters()).dtype))
        made.contiguous(memory_format=torch.channels_last).square().sum().backward()
        found.append(torch.cat([w.grad.flatten().double() for w in network.parameters()]))
    assert ((found[0] - found[1]).norm() / found[1].norm()).item() < 1e-4


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize("name", GENERATORS)
def test_any_generator_serves_both_trainers(name: str, norm: str) -> None:
    def generator(x: int, y: int) -> nn.Module:
        options = {**GENERATORS[name], "in_channels": x, "out_channels": y, "norm": norm}
        return build(name, {**options, "dropout": 0.5})

    def judge(channels: int) -> nn.Module:
        return PatchGAN(in_channels=channels, channels=4, layers=2, norm=norm)

    batch = toys.batch(dtype=torch.float32)  # x is gray, y has three channels
    for trainer in (
        Pix2Pix(generator(1, 3), judge(4)),
        CycleGAN(generator(1, 3), generator(3, 1), judge(1), judge(3), identity=0.0),
    ):
        steps = list(fit(trainer, [batch] * 2, toys.optimizers(trainer), Runtime("cpu")))
        assert all(value.isfinite() for step in steps for value in step.losses.values())


def test_an_unknown_network_is_one_sentence() -> None:
    with pytest.raises(
        ValueError, match="unknown network 'resent'; choose from autoencoder, bicubic, dcgan"
    ):
        build("resent", {})


def test_an_unknown_option_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="unet takes no option 'blocks'; it takes in_channels"):
        build("unet", {"blocks": 9})


@pytest.mark.parametrize("name", GENERATORS)
def test_a_network_that_keeps_sizes_translates_the_enlarged_picture(name: str) -> None:
    network = build(name, {**GENERATORS[name], "norm": "none", "scale": 3}).eval()
    assert isinstance(network, Enlarged)
    assert (network.input_range, network.output_range) == ((-1.0, 1.0), (-1.0, 1.0))
    x = torch.rand(2, 3, 8, 16, generator=draws.seeded(0))
    assert torch.equal(network(x), network.network(bicubic(x, 3)))


@pytest.mark.parametrize("name", GENERATORS)
def test_a_scale_of_one_is_the_network_itself(name: str) -> None:
    plain = build(name, GENERATORS[name])
    scaled = build(name, {**GENERATORS[name], "scale": 1})
    assert [*plain.state_dict()] == [*scaled.state_dict()]
    assert type(plain) is type(scaled)


@pytest.mark.parametrize(
    ("name", "scale", "multiple"),
    [("unet", 2, 4), ("unet", 3, 8), ("unet", 8, 1), ("resnet", 3, 4), ("resnet", 4, 1),
     ("resnet", 6, 2)],
)  # fmt: skip
def test_an_enlarged_networks_sides_are_multiples_before_the_enlargement(
    name: str, scale: int, multiple: int
) -> None:
    assert build(name, {**GENERATORS[name], "scale": scale}).multiple_of == multiple


@pytest.mark.parametrize("name", GENERATORS)
def test_an_enlargement_by_nothing_is_one_sentence(name: str) -> None:
    for scale in (0, -2):
        with pytest.raises(ValueError, match=f"enlarged by a whole number from 2 on, not {scale}"):
            build(name, {"scale": scale})


@pytest.mark.parametrize("name", sorted(NETWORKS.keys() - ENLARGING.keys()))
def test_what_draws_no_pictures_from_pictures_takes_no_scale(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} takes no option 'scale'; it takes"):
        build(name, {"scale": 2})


def test_no_file_keeps_what_follows_from_the_scale() -> None:
    assert not Bicubic().state_dict()
    keys = build("resnet", {**GENERATORS["resnet"], "scale": 2}).state_dict()
    assert all(key.startswith("network.") for key in keys)


RANGES = {"srresnet": [(0.0, 1.0), (-1.0, 1.0)], "msrresnet": [(0.0, 1.0), (0.0, 1.0)]}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_states_the_range_of_its_pictures(name: str) -> None:
    network = NETWORKS[name]
    stated = [getattr(network, side, None) for side in ("input_range", "output_range")]
    if name in RANGES:
        assert stated == RANGES[name]
    else:
        assert (-1.0, 1.0) in stated and set(stated) <= {(-1.0, 1.0), None}
