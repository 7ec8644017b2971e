from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from img2img.base.adversarial import ADVERSARIAL
from img2img.base.judgement import judge
from img2img.networks.srgan_discriminator import SRGANDiscriminator


@given(size=st.integers(16, 130))
def test_any_crop_has_one_logit(size: int) -> None:
    with torch.device("meta"):
        D = SRGANDiscriminator(channels=2, size=size)
        assert D(torch.empty(3, 3, size, size)).shape == (3, 1, 1, 1)


def test_it_has_the_layers_of_the_papers_figure() -> None:
    with torch.device("meta"):
        D = SRGANDiscriminator()
    layers = [m for m in D.modules() if isinstance(m, nn.Conv2d)]
    assert [layer.out_channels for layer in layers] == [64, 64, 128, 128, 256, 256, 512, 512]
    assert [layer.stride[0] for layer in layers] == [1, 2] * 4
    assert {layer.kernel_size for layer in layers} == {(3, 3)}
    kinds = [type(m).__name__ for m in D.modules()]
    assert kinds.count("BatchNorm") == 7 and kinds.count("Sigmoid") == 0
    assert {m.negative_slope for m in D.modules() if isinstance(m, nn.LeakyReLU)} == {0.2}


def test_it_has_as_many_weights_as_the_papers() -> None:
    widths = [3, 64, 64, 128, 128, 256, 256, 512, 512]
    convolutions = 64 + sum(9 * inputs * outputs for inputs, outputs in pairwise(widths))
    norms = 2 * sum(widths[2:])
    dense = (6 * 6 * 512 + 1) * 1024 + 1024 + 1
    with torch.device("meta"):
        found = sum(weight.numel() for weight in SRGANDiscriminator().parameters())
    assert found == convolutions + norms + dense == 23_563_649


@pytest.mark.parametrize("loss", ADVERSARIAL)
def test_every_loss_takes_its_judgement_with_and_without_a_mask(loss: str) -> None:
    D = SRGANDiscriminator(channels=2, size=17).eval()
    pictures = torch.rand(2, 3, 17, 17) * 2 - 1
    hidden = judge(D, pictures, torch.zeros(2, 1, 17, 17))
    seen, plain = judge(D, pictures, torch.ones(2, 1, 17, 17)), judge(D, pictures, None)
    gan = ADVERSARIAL[loss]
    assert gan.discriminator(hidden, hidden).item() == 0
    torch.testing.assert_close(gan.discriminator(seen, seen), gan.discriminator(plain, plain))


def test_a_crop_too_small_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="sees squares of at least 16 pixels, not 15"):
        SRGANDiscriminator(size=15)
