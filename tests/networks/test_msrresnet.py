import pytest
import torch
from fields import measured_field, positive
from torch.nn.functional import interpolate

from img2img.networks.msrresnet import MSRResNet
from img2img.networks.srresnet import SHUFFLES


@pytest.mark.parametrize("scale", SHUFFLES)
@pytest.mark.parametrize("blocks", [0, 2])
def test_an_output_pixel_sees_its_receptive_field(blocks: int, scale: int) -> None:
    G = MSRResNet(in_channels=1, out_channels=1, channels=1, blocks=blocks, scale=scale)
    assert measured_field(positive(G), 40) == G.receptive_field


@pytest.mark.parametrize(("scale", "weights"), [(2, 1_369_859), (3, 1_554_499), (4, 1_517_571)])
def test_it_has_as_many_weights_as_basicsrs(scale: int, weights: int) -> None:
    with torch.device("meta"):
        assert sum(weight.numel() for weight in MSRResNet(scale=scale).parameters()) == weights


@pytest.mark.parametrize("scale", SHUFFLES)
def test_without_a_last_layer_it_is_the_bilinear_enlargement(scale: int) -> None:
    G = MSRResNet(channels=4, blocks=1, scale=scale)
    for weight in G.last[-1].parameters():
        weight.data.zero_()
    x = torch.rand(2, 3, 5, 4)
    assert torch.equal(G(x), interpolate(x, scale_factor=scale, mode="bilinear"))


def test_what_it_is_not_made_for_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="enlarge by 2, 3, 4, 8, not by 5; choose one"):
        MSRResNet(scale=5)
    with pytest.raises(ValueError, match="but in_channels is 1 and out_channels 3; make them eq"):
        MSRResNet(in_channels=1)
