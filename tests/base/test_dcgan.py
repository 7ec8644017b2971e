import pytest
import torch
from torch import nn

from img2img.base.dcgan import Discriminator, Generator
from img2img.base.norms import NORMS, BatchNorm, norm


@pytest.mark.parametrize("size", [8, 16, 32, 64])
def test_a_picture_for_each_row_of_noise_and_a_logit_for_each_picture(size: int) -> None:
    G = Generator(latent=5, channels=2, size=size, out_channels=1)
    made = G(torch.randn(2, 5))
    assert made.shape == (2, 1, size, size)
    assert made.abs().max() < 1
    assert Discriminator(in_channels=1, channels=2, size=size)(made).shape == (2, 1, 1, 1)


@pytest.mark.parametrize("name", NORMS)
@pytest.mark.parametrize("network", [Generator, Discriminator])
def test_every_layer_but_the_outer_ones_has_the_norm_that_is_asked_for(
    network: type[nn.Module], name: str
) -> None:
    layers = network(channels=4, size=32, norm=name).layers
    inner = 3 if network is Generator else 2  # of 4 layers
    assert [type(it) for it in layers].count(type(norm(name, 4))) == inner
    convolutions = [it for it in layers if isinstance(it, nn.Conv2d | nn.ConvTranspose2d)]
    assert [it.bias is None for it in convolutions].count(True) == inner * (name == "batch")
    assert not any(it.image for it in layers if isinstance(it, BatchNorm))


@pytest.mark.parametrize("size", [0, 4, 48, 65])
@pytest.mark.parametrize("network", [Generator, Discriminator])
def test_another_size_is_one_sentence(network: type[nn.Module], size: int) -> None:
    with pytest.raises(ValueError, match=f"squares of 8, 16, 32, 64, ... pixels, not {size}"):
        network(size=size)


def test_the_papers_64_pixels_have_figure_1s_planes() -> None:
    with torch.device("meta"):
        G, D = Generator(), Discriminator()
    widths = [m.out_channels for m in G.layers if isinstance(m, nn.ConvTranspose2d)]
    assert widths == [512, 256, 128, 64, 3]
    assert [m.out_channels for m in D.layers if isinstance(m, nn.Conv2d)] == [64, 128, 256, 512, 1]
    # what is published for them without biases, and ours at either end
    assert sum(w.numel() for w in G.parameters()) == 3_576_704 + 3
    assert sum(w.numel() for w in D.parameters()) == 2_765_568 + 64 + 1
