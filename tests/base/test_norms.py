from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.autograd import gradcheck

from img2img.base.draws import seeded
from img2img.base.norms import (
    EPSILON,
    NORMS,
    BatchNorm,
    instance_norm,
    norm,
    use_image_statistics,
)
from img2img.networks.enlarged import Bicubic


def pictures(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=seeded(seed), dtype=torch.float64)


def trained(channels: int = 3) -> BatchNorm:
    """With weights and averages that do something."""
    made = BatchNorm(channels).double()
    for place, value in enumerate(made.state_dict().values()):
        value.copy_(torch.rand(channels, generator=seeded(place)) + 0.5)
    return made


@given(n=st.integers(1, 3), c=st.integers(1, 3), h=st.integers(1, 5), w=st.integers(1, 5))
def test_instance_norm_is_the_closed_form(n: int, c: int, h: int, w: int) -> None:
    x = pictures(n, c, h, w)
    mean = x.mean((2, 3), keepdim=True)
    variance = (x - mean).square().mean((2, 3), keepdim=True)
    expected = (x - mean) / (variance + EPSILON).sqrt()
    torch.testing.assert_close(instance_norm(x), expected, rtol=0, atol=1e-12)


def test_a_single_pixel_is_normalised_to_nothing() -> None:
    assert instance_norm(pictures(2, 3, 1, 1)).abs().max() < 1e-12


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", NORMS)
def test_a_norms_gradient_is_that_of_its_differences(name: str, training: bool) -> None:
    layer = norm(name, 4).double().train(training)
    x = pictures(2, 4, 3, 2).requires_grad_()
    assert gradcheck(layer, (x,), eps=1e-6, atol=1e-6)


LAYERS: dict[str, Callable[[], nn.Module]] = {
    **{name: lambda name=name: norm(name, 6) for name in NORMS},
    "reflection": lambda: nn.ReflectionPad2d(3),
    "convolution": lambda: nn.Conv2d(6, 6, 4, stride=2, padding=1),
    "convolution, reflecting": lambda: nn.Conv2d(6, 6, 3, padding=1, padding_mode="reflect"),
    "transposed": lambda: nn.ConvTranspose2d(6, 6, 4, stride=2, padding=1),
    "nearest": lambda: nn.Upsample(scale_factor=2, mode="nearest"),
    "bilinear": lambda: nn.Upsample(scale_factor=2, mode="bilinear"),
    "leaky": lambda: nn.LeakyReLU(0.2),
    "parametric": lambda: nn.PReLU(6),
    "shuffle": lambda: nn.Sequential(nn.Conv2d(6, 24, 3, padding=1), nn.PixelShuffle(2)),
    "bicubic": lambda: Bicubic(scale=3),
}


def input_gradient(
    layer: Callable[[Tensor], Tensor], x: Tensor, arriving: Tensor, *, channels_last: bool
) -> Tensor:
    x = x.clone().requires_grad_()
    made = layer(x)
    if channels_last:
        arriving = arriving.contiguous(memory_format=torch.channels_last)
    made.backward(arriving.to(made.dtype))
    assert x.grad is not None
    return x.grad


def error(single: Any, double: Any, batch: int, channels_last: bool) -> float:
    """Of a float32 layer's input gradient, relative to float64's with plain strides."""
    x = pictures(batch, 6, 16, 16, seed=1)
    arriving = pictures(*double(x).shape, seed=2)
    expected = input_gradient(double, x, arriving, channels_last=False)
    found = input_gradient(single, x.float(), arriving, channels_last=channels_last)
    return ((found - expected).norm() / expected.norm()).item()


@pytest.mark.parametrize("channels_last", [False, True])
@pytest.mark.parametrize("batch", [1, 2])
@pytest.mark.parametrize("name", LAYERS)
def test_a_layers_gradient_in_float32_is_that_of_float64(
    name: str, batch: int, channels_last: bool
) -> None:
    layer, exact = LAYERS[name](), LAYERS[name]().double()
    exact.load_state_dict(layer.state_dict())
    assert error(layer, exact, batch, channels_last) < 1e-5


def test_torchs_own_instance_norm_is_why_there_is_one_of_ours() -> None:
    own, theirs = instance_norm, nn.functional.instance_norm
    assert error(own, own, 1, True) < 1e-6
    assert error(theirs, own, 1, False) < 1e-6
    if error(theirs, own, 1, True) < 1e-6:
        pytest.skip(f"torch {torch.__version__} has mended it: instance_norm may be theirs again")


def test_batch_norm_is_torchs() -> None:
    ours, theirs = trained(), nn.BatchNorm2d(3).double()
    theirs.load_state_dict(ours.state_dict(), strict=False)
    x = pictures(4, 3, 5, 5)
    for _ in range(3):
        torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-14)
    for key, value in ours.state_dict().items():
        torch.testing.assert_close(value, theirs.state_dict()[key], rtol=0, atol=1e-14)
    use_image_statistics(ours, False)
    torch.testing.assert_close(ours.eval()(x), theirs.eval()(x), rtol=0, atol=1e-14)


def test_image_statistics_are_those_of_training_at_batch_1() -> None:
    layer = trained()
    x = pictures(1, 3, 5, 5)
    kept = {key: value.clone() for key, value in layer.state_dict().items()}
    found = layer.eval()(x)
    assert all(torch.equal(value, kept[key]) for key, value in layer.state_dict().items())
    torch.testing.assert_close(found, layer.train()(x), rtol=0, atol=1e-13)


@pytest.mark.parametrize("image", [True, False])
def test_a_pictures_result_does_not_depend_on_its_batch_mates(image: bool) -> None:
    layer = nn.Sequential(trained(), nn.Conv2d(3, 3, 3).double(), trained()).eval()
    use_image_statistics(layer, image)
    x = pictures(3, 3, 6, 6)
    alone = torch.cat([layer(one[None]) for one in x])
    torch.testing.assert_close(layer(x), alone, rtol=0, atol=1e-13)


def test_image_and_running_statistics_differ_and_both_repeat() -> None:
    layer, x = trained().eval(), pictures(2, 3, 4, 4)
    image = layer(x)
    use_image_statistics(layer, False)
    assert (layer(x) - image).abs().max() > 0.1


def test_group_norm_takes_any_width() -> None:
    for channels in (1, 3, 4, 48, 64):
        assert norm("group", channels)(torch.ones(1, channels, 2, 2)).shape[1] == channels
    assert [norm("group", width).num_groups for width in (64, 48, 3)] == [32, 16, 1]


def test_an_unknown_norm_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="unknown norm 'layer'; choose from batch, instance, gro"):
        norm("layer", 3)
