import pytest
import torch
from fields import measured_field, positive

from img2img.base.norms import BatchNorm, use_image_statistics
from img2img.networks.srresnet import SHUFFLES, SRResNet


@pytest.mark.parametrize("scale", SHUFFLES)
@pytest.mark.parametrize("blocks", [0, 2])
def test_an_output_pixel_sees_its_receptive_field(blocks: int, scale: int) -> None:
    G = SRResNet(in_channels=1, out_channels=1, channels=1, blocks=blocks, scale=scale).eval()
    use_image_statistics(G, False)
    assert measured_field(positive(G), 48) == G.receptive_field


@pytest.mark.parametrize(
    ("scale", "weights"),
    [
        (2, 15_616 + 16 * 73_984 + 36_992 + 147_712 + 15_555 + 18 * 64),
        (3, 15_616 + 16 * 73_984 + 36_992 + 332_352 + 15_555 + 18 * 64),
        (4, 1_548_547),
        (8, 15_616 + 16 * 73_984 + 36_992 + 3 * 147_712 + 15_555 + 20 * 64),
    ],
)
def test_it_has_the_weights_of_the_papers_figure(scale: int, weights: int) -> None:
    """9x9, 16 blocks of two normed 3x3, one more, the shuffles, 9x9; a slope for each channel."""
    with torch.device("meta"):
        assert sum(weight.numel() for weight in SRResNet(scale=scale).parameters()) == weights


def test_the_norms_are_our_own_two_in_a_block_and_one_behind() -> None:
    with torch.device("meta"):
        found = [type(module) for module in SRResNet(blocks=5).modules()]
    assert found.count(BatchNorm) == 11
    assert torch.nn.BatchNorm2d not in found


def test_a_long_skip_passes_the_blocks_by() -> None:
    G = SRResNet(channels=4, blocks=2, scale=2).eval()
    use_image_statistics(G, False)
    x = torch.rand(1, 3, 6, 6)
    G.body[-1].weight.data.zero_()
    assert torch.equal(G(x), G.last(G.up(G.first(x))))


def test_another_scale_is_one_sentence() -> None:
    for scale in (1, 5, 16):
        with pytest.raises(ValueError, match=f"enlarge by 2, 3, 4, 8, not by {scale}; choose one"):
            SRResNet(scale=scale)
