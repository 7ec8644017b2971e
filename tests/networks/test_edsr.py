import pytest
import torch
from fields import measured_field, positive

from img2img.base.draws import seeded
from img2img.base.initialise import INITS, initialise
from img2img.networks.edsr import EDSR
from img2img.networks.enlarged import bicubic


@pytest.mark.parametrize("scale", [2, 3, 4, 5])
@pytest.mark.parametrize("blocks", [0, 2])
def test_an_output_pixel_sees_its_receptive_field(blocks: int, scale: int) -> None:
    G = EDSR(in_channels=1, out_channels=1, channels=1, blocks=blocks, scale=scale)
    assert measured_field(positive(G), 40) == G.receptive_field


@pytest.mark.parametrize(("scale", "blocks"), [(2, 16), (3, 8), (4, 16), (7, 0)])
def test_its_weights_are_those_of_the_layers_at_the_small_size(scale: int, blocks: int) -> None:
    with torch.device("meta"):
        found = sum(w.numel() for w in EDSR(scale=scale, blocks=blocks).parameters())
    wide = 64 * 64 * 9 + 64
    last = (64 * 9 + 1) * 3 * scale**2
    assert found == 3 * 64 * 9 + 64 + (2 * blocks + 1) * wide + last


@torch.no_grad()
@pytest.mark.parametrize("kind", sorted({*INITS} - {"kaiming", "unit"}))
@pytest.mark.parametrize("blocks", [2, 16])
def test_untrained_it_is_near_bicubic(blocks: int, kind: str) -> None:
    G = EDSR(blocks=blocks)
    initialise(G, kind, seed=0, name="G")
    x = torch.rand(1, 3, 16, 16, generator=seeded(0)) * 2 - 1
    missing = G(x) - bicubic(x, 4)
    deviation = missing.square().mean().sqrt().item()
    print(f"{kind}, {blocks} blocks: {deviation:.4f} from bicubic")
    assert 0 < deviation < 0.06


def test_a_skip_passes_the_blocks_by() -> None:
    G = EDSR(channels=4, blocks=2, scale=3)
    for weight in G.body[-1].parameters():
        weight.data.zero_()
    x = torch.rand(2, 3, 5, 4)
    missing = torch.nn.functional.pixel_shuffle(G.last(G.first(x)), 3)
    torch.testing.assert_close(G(x), bicubic(x, 3) + missing, rtol=0, atol=1e-6)


def test_what_it_is_not_made_for_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="enlarged by a whole number from 2 on, not 1"):
        EDSR(scale=1)
    with pytest.raises(ValueError, match="but in_channels is 3 and out_channels 1; make them eq"):
        EDSR(out_channels=1)
