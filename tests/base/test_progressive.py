from math import ceil, nextafter
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, fx, nn

from img2img.base.draws import seeded
from img2img.base.fading import doubled, halved
from img2img.base.initialise import initialise
from img2img.base.progressive import Discriminator, Generator, widths

SIZE, LEVELS = 32, 3


def generator(**options: Any) -> Generator:
    G = Generator(**{"latent": 5, "channels": 4, "size": SIZE, **options})
    initialise(G, "unit", seed=0, name="G")
    return G


def discriminator(**options: Any) -> Discriminator:
    D = Discriminator(**{"channels": 4, "size": SIZE, **options})
    initialise(D, "unit", seed=0, name="D")
    return D


def noise(*shape: int) -> Tensor:
    return torch.randn(shape, generator=seeded("noise", shape))


def at(network: Any, level: float, x: Tensor) -> Tensor:
    network.level = level
    found: Tensor = network(x)
    return found


@pytest.mark.parametrize(
    ("level", "size"), [(0, 4), (0.5, 8), (1, 8), (1.001, 16), (2.0, 16), (2.999, 32), (None, 32)]
)
def test_pictures_and_judgements_are_of_the_levels_size(level: float | None, size: int) -> None:
    made = generator(level=level, out_channels=2)(noise(3, 5))
    assert made.shape == (3, 2, size, size)
    assert discriminator(level=level, in_channels=2)(made).shape == (3, 1)


def test_the_papers_networks_have_table_2s_planes_and_23_1_million_weights() -> None:
    assert widths(512, 1024) == [512, 512, 512, 512, 256, 128, 64, 32, 16]
    with torch.device("meta"):
        G, D = Generator(), Discriminator()
    counts = [sum(weight.numel() for weight in network.parameters()) for network in (G, D)]
    # with a toRGB and a fromRGB at each resolution
    assert counts == [23_079_115, 23_087_249]
    assert [round(count / 1e6, 1) for count in counts] == [23.1, 23.1]
    assert sum(weight.numel() for weight in G.to_rgb[-1].parameters()) == 51


def test_narrow_networks_keep_a_plane_at_every_resolution() -> None:
    assert widths(2, 256) == [2, 2, 2, 2, 1, 1, 1]


@pytest.mark.parametrize("level", range(LEVELS + 1))
def test_at_a_whole_level_they_are_the_smaller_networks(level: int) -> None:
    side = 4 * 2**level
    x = {generator: noise(4, 5), discriminator: noise(4, 3, side, side)}
    for made in (generator, discriminator):
        whole, small = made(), made(size=side)
        small.load_state_dict({key: whole.state_dict()[key] for key in small.state_dict()})
        assert torch.equal(at(whole, level, x[made]), small(x[made]))


@pytest.mark.parametrize("level", range(1, LEVELS + 1))
def test_a_fade_begins_with_the_old_networks_and_ends_with_the_new(level: int) -> None:
    first, last = nextafter(level - 1, level), nextafter(level, 0)
    G, D, z = generator(), discriminator(), noise(4, 5)
    x = noise(4, 3, 4 * 2**level, 4 * 2**level)
    assert torch.equal(at(G, first, z), doubled(at(G, level - 1, z)))
    assert torch.equal(at(D, first, x), at(D, level - 1, halved(x)))
    assert torch.equal(at(G, last, z), at(G, level, z))
    assert torch.equal(at(D, last, x), at(D, level, x))
    assert not torch.allclose(at(G, level, z), doubled(at(G, level - 1, z)), atol=0.01)
    assert not torch.allclose(at(D, level, x), at(D, level - 1, halved(x)), atol=0.01)


@given(level=st.integers(1, LEVELS), alpha=st.floats(0.001, 0.999))
def test_between_two_levels_a_picture_is_the_blend_of_both(level: int, alpha: float) -> None:
    G, z = generator().double(), noise(2, 5).double()
    expected = (1 - alpha) * doubled(at(G, level - 1, z)) + alpha * at(G, level, z)
    torch.testing.assert_close(at(G, level - 1 + alpha, z), expected)


def test_between_two_levels_d_blends_what_enters_the_old_layers() -> None:
    D, x = discriminator(), noise(4, 3, 8, 8)
    new, old = D.blocks[1](D.from_rgb[1](x)), D.from_rgb[0](halved(x))
    torch.testing.assert_close(at(D, 0.25, x), D.blocks[0](0.75 * old + 0.25 * new))


@pytest.mark.parametrize("level", [0, 0.5, 1, 1.5, 2.0, 2.5, 3])
@pytest.mark.parametrize("made", [generator, discriminator])
def test_a_layer_beyond_the_level_and_a_faded_out_colour_have_no_gradient(made, level) -> None:
    side = 4 * 2 ** ceil(level)
    network = made(level=level)
    network(noise(4, 5) if made is generator else noise(4, 3, side, side)).sum().backward()
    top = ceil(level)
    blocks = {f"blocks.{k}" for k in range(top + 1)}
    colours = {f"{'to' if made is generator else 'from'}_rgb.{k}" for k in {top, int(level)}}
    learning = {
        ".".join(k.split(".")[:2]) for k, w in network.named_parameters() if w.grad is not None
    }
    assert learning == blocks | colours


@pytest.mark.parametrize("level", [0, 1.5, 3])
def test_what_a_generator_does_can_be_traced_at_any_level(level: float) -> None:
    G, z = generator(level=level), noise(2, 5)
    assert torch.equal(fx.symbolic_trace(G)(z), G(z))


def test_only_the_direction_of_the_noise_counts() -> None:
    G, z = generator().double(), noise(2, 5).double()
    torch.testing.assert_close(G(100 * z), G(z), rtol=0, atol=1e-5)


@pytest.mark.parametrize("network", [Generator, Discriminator])
def test_wrong_sizes_are_one_sentence(network: type[nn.Module]) -> None:
    with pytest.raises(ValueError, match=r"squares of 4, 8, 16, ... pixels, not 24"):
        network(size=24)
    for level in (-0.1, 3.1):
        with pytest.raises(ValueError, match=f"of 32 pixels have levels from 0 to 3, not {level}"):
            network(channels=1, size=32, level=level)


def test_a_picture_that_d_has_not_grown_to_is_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"at level 1\.5 judges squares of 16 pixels, not 16x32"):
        discriminator(level=1.5)(torch.zeros(1, 3, 32, 16))
