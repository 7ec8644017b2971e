import pytest
import torch
from torch import Tensor, nn

from img2img.base.draws import seeded
from img2img.base.equalised import Conv, Linear, PixelNorm
from img2img.base.initialise import initialise


def noise(*shape: int) -> Tensor:
    return torch.randn(shape, generator=seeded("x", shape))


@pytest.mark.parametrize(("options", "variance"), [({}, 2.0), ({"gain": 1.0}, 1.0)])
@pytest.mark.parametrize("inputs", [16, 256])
def test_what_has_variance_1_leaves_with_the_gains_square(
    inputs: int, options: dict[str, float], variance: float
) -> None:
    for layer, x in (
        (Conv(inputs, 64, 3, **options), noise(8, inputs, 12, 12)),
        (Linear(inputs, 1024, **options), noise(64, inputs)),
    ):
        initialise(layer, "unit", seed=0, name="layer")
        assert layer(x).var().item() == pytest.approx(variance, rel=0.05)


@pytest.mark.parametrize("made", [lambda: Conv(4, 50, 5), lambda: Linear(100, 50)])
def test_a_layer_is_made_with_standard_normal_weights(made) -> None:
    torch.manual_seed(0)
    layer = made()
    assert layer.weight.std().item() == pytest.approx(1, rel=0.05)
    assert not layer.bias.any()


def test_it_is_a_convolution_by_scaled_weights_and_whole_biases() -> None:
    layer, plain = Conv(8, 5, 4, padding=1).double(), nn.Conv2d(8, 5, 4, padding=1).double()
    nn.init.normal_(layer.bias, generator=seeded("bias"))
    with torch.no_grad():
        plain.weight.copy_(layer.weight * (2 / (8 * 4 * 4)) ** 0.5)
        plain.bias.copy_(layer.bias)
    x = noise(2, 8, 9, 9).double()
    torch.testing.assert_close(layer(x), plain(x))


def test_adam_moves_a_wide_layer_by_the_same_share_as_a_narrow_one() -> None:
    shares = []
    for inputs in (4, 400):
        layer = Linear(inputs, 3)
        before = layer.weight.detach() * layer.scale
        layer(noise(8, inputs)).square().sum().backward()
        torch.optim.Adam(layer.parameters(), lr=0.01).step()
        moved = layer.weight.detach() * layer.scale - before
        shares.append(moved.abs().mean().item() / (2 / inputs) ** 0.5)
    assert shares == pytest.approx([0.01, 0.01], rel=1e-3)


@pytest.mark.parametrize("shape", [(3, 7), (2, 5, 4, 4)])
def test_each_pixels_features_have_a_root_mean_square_of_1_whatever_their_scale(shape) -> None:
    x = noise(*shape).double()
    normed = PixelNorm()(x)
    torch.testing.assert_close(
        normed.square().mean(1), torch.ones_like(normed[:, 0]), rtol=0, atol=1e-5
    )
    torch.testing.assert_close(PixelNorm()(1000 * x), normed, rtol=1e-5, atol=0)
    assert not PixelNorm()(torch.zeros(shape)).any()
