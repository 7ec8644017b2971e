import pytest
import torch
from fields import measured_field, positive
from hypothesis import given, settings
from hypothesis import strategies as st

from img2img.base.draws import Dropout
from img2img.base.norms import NORMS
from img2img.networks.unet import UNet
from img2img.networks.upsampling import UPSAMPLINGS


@given(
    depth=st.integers(2, 5),
    rows=st.integers(1, 3),
    columns=st.integers(1, 3),
    upsampling=st.sampled_from(UPSAMPLINGS),
    norm=st.sampled_from(NORMS),
)
@settings(max_examples=40)
def test_the_output_has_the_inputs_sides(depth, rows, columns, upsampling, norm) -> None:
    G = UNet(
        in_channels=1, out_channels=2, channels=2, depth=depth, upsampling=upsampling, norm=norm
    )
    size = rows * G.multiple_of, columns * G.multiple_of
    made = G(torch.zeros(2, 1, *size))
    assert made.shape == (2, 2, *size)
    assert made.abs().max() <= 1


@given(depth=st.integers(2, 4), side=st.integers(1, 70))
def test_multiple_of_is_exact(depth: int, side: int) -> None:
    with torch.device("meta"):
        G = UNet(channels=1, depth=depth, norm="none")
        image = torch.empty(1, 3, side, 4 * G.multiple_of)
    assert G.multiple_of == 2**depth
    if side % G.multiple_of:
        try:
            assert G(image).shape != image.shape
        except RuntimeError as error:
            assert "must match" in str(error) or "greater than actual" in str(error)
    else:
        assert G(image).shape == image.shape


@pytest.mark.parametrize("upsampling", UPSAMPLINGS)
@pytest.mark.parametrize("depth", [2, 3, 4])
def test_an_output_pixel_sees_its_receptive_field(depth: int, upsampling: str) -> None:
    G = UNet(
        in_channels=1,
        out_channels=1,
        channels=1,
        depth=depth,
        norm="none",
        dropout=0,
        upsampling=upsampling,
    )
    assert measured_field(positive(G), 256) == G.receptive_field


@pytest.mark.parametrize(("depth", "weights"), [(8, 54_413_955), (7, 41_828_995)])
def test_it_has_as_many_weights_as_the_reference(depth: int, weights: int) -> None:
    with torch.device("meta"):
        assert sum(weight.numel() for weight in UNet(depth=depth).parameters()) == weights


def test_dropout_stands_in_the_three_widest_levels_but_the_innermost() -> None:
    with torch.device("meta"):
        drops = [any(isinstance(m, Dropout) for m in up) for up in UNet().up]
        none = UNet(dropout=0.0)
    assert drops == [False, True, True, True, False, False, False]
    assert not any(isinstance(module, Dropout) for module in none.modules())


def test_a_depth_of_one_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="needs a depth of at least 2, not 1"):
        UNet(depth=1)
