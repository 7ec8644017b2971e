import numpy as np
import pytest
import torch
from drawn_weights import drawn
from pytest import approx

from img2img.networks.features import extractor
from img2img.networks.features.vgg import L2Pool


@pytest.mark.parametrize("size", [(6, 8), (5, 7), (1, 1)])
def test_every_other_place_is_the_root_of_hanns_mean_of_squares(size):
    x = torch.randn(2, 3, *size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    window = np.outer(*[np.hanning(5)[1:-1]] * 2)
    window /= window.sum()
    squares = np.pad(x.numpy() ** 2, ((0, 0), (0, 0), (1, 1), (1, 1)))
    pooled = L2Pool()(x)
    assert pooled.shape == (2, 3, -(-size[0] // 2), -(-size[1] // 2))
    for i in range(pooled.shape[2]):
        for j in range(pooled.shape[3]):
            around = squares[:, :, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3]
            expected = np.sqrt((around * window).sum((2, 3)))
            assert pooled[:, :, i, j].numpy() == approx(expected, abs=1e-6)


def test_a_flat_map_keeps_its_level_and_one_of_zeros_has_a_gradient():
    flat = torch.full((1, 2, 9, 9), 3.0)
    assert L2Pool()(flat)[..., 1:-1, 1:-1].flatten().tolist() == approx([3] * 18)
    nothing = torch.zeros(1, 1, 4, 4, requires_grad=True)
    L2Pool()(nothing).sum().backward()
    assert nothing.grad.isfinite().all()


def test_the_network_is_vgg16_up_to_its_first_pool():
    values = torch.rand(1, 3, 20, 20, generator=torch.Generator().manual_seed(0)) * 2 - 1
    weights = drawn("vgg16", "conv2_1")
    ours, theirs = (
        extractor(name, weights, ["relu1_2", "conv2_1"])(values) for name in ("vgg16-l2", "vgg16")
    )
    assert torch.equal(ours[0], theirs[0])
    assert ours[1].shape == theirs[1].shape and not torch.allclose(ours[1], theirs[1])
