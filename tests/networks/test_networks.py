from typing import Any

import pytest
import torch
import toys
from torch import fx, nn

from img2img.base import draws
from img2img.base.runtime import Runtime
from img2img.base.trainer import fit
from img2img.networks import NETWORKS, build
from img2img.networks.norms import NORMS
from img2img.networks.patchgan import PatchGAN
from img2img.networks.upsampling import UPSAMPLINGS
from img2img.trainers.cyclegan import CycleGAN
from img2img.trainers.pix2pix import Pix2Pix

GENERATORS: dict[str, dict[str, Any]] = {
    "unet": {"depth": 3, "channels": 4},
    "resnet": {"blocks": 1, "channels": 4},
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


@pytest.mark.parametrize("options", [{"depth": 3, "norm": "instance"}, {"blocks": 2}])
def test_a_networks_gradient_in_float32_is_that_of_float64(options: dict[str, Any]) -> None:
    name = "unet" if "depth" in options else "resnet"
    single = build(name, {**options, "channels": 8, "dropout": 0.5})
    double = build(name, {**options, "channels": 8, "dropout": 0.5}).double()
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
    with pytest.raises(ValueError, match="unknown network 'resent'; choose from dcgan, dcgan-disc"):
        build("resent", {})


def test_an_unknown_option_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="unet takes no option 'blocks'; it takes in_channels"):
        build("unet", {"blocks": 9})


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_states_the_range_of_its_pictures(name: str) -> None:
    network = NETWORKS[name]
    stated = [getattr(network, side, None) for side in ("input_range", "output_range")]
    assert (-1.0, 1.0) in stated and set(stated) <= {(-1.0, 1.0), None}
