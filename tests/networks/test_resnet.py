import pytest
import torch
from fields import measured_field, positive
from hypothesis import given, settings
from hypothesis import strategies as st

from img2img.base.norms import NORMS
from img2img.networks.resnet import ResNet
from img2img.networks.upsampling import UPSAMPLINGS


@given(
    blocks=st.integers(0, 2),
    rows=st.integers(2, 8),
    columns=st.integers(2, 8),
    upsampling=st.sampled_from(UPSAMPLINGS),
    norm=st.sampled_from(NORMS),
)
@settings(max_examples=40)
def test_the_output_has_the_inputs_sides(blocks, rows, columns, upsampling, norm) -> None:
    G = ResNet(
        in_channels=1, out_channels=2, channels=2, blocks=blocks, upsampling=upsampling, norm=norm
    )
    made = G(torch.zeros(2, 1, 4 * rows, 4 * columns))
    assert made.shape == (2, 2, 4 * rows, 4 * columns)
    assert made.abs().max() <= 1


@given(side=st.integers(8, 40))
def test_multiple_of_is_exact(side: int) -> None:
    with torch.device("meta"):
        G = ResNet(channels=1, blocks=1, norm="none")
        same = G(torch.empty(1, 3, side, 16)).shape[2] == side
    assert same == (side % G.multiple_of == 0)


@pytest.mark.parametrize("upsampling", UPSAMPLINGS)
@pytest.mark.parametrize("blocks", [0, 1, 3])
def test_an_output_pixel_sees_its_receptive_field(blocks: int, upsampling: str) -> None:
    G = ResNet(
        in_channels=1, out_channels=1, channels=1, blocks=blocks, norm="none", upsampling=upsampling
    )
    assert measured_field(positive(G), 160) == G.receptive_field


@pytest.mark.parametrize(("blocks", "weights"), [(9, 11_378_179), (6, 7_837_699)])
def test_it_has_as_many_weights_as_the_reference(blocks: int, weights: int) -> None:
    with torch.device("meta"):
        assert sum(weight.numel() for weight in ResNet(blocks=blocks).parameters()) == weights
