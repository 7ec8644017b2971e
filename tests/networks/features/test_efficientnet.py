import numpy as np
import pytest
import torch
from drawn_weights import drawn
from pytest import approx

from img2img.networks.features import extractor
from img2img.networks.features.frozen import SameConv

# mean and standard deviation of what efficientnet-lite-pytorch 0.1.0 computes of the same weights
RECORDED = (1.445106029510498, 2.0082714557647705)
SHAPES = {
    "stem": (32, 32, 48),
    "stage1": (16, 32, 48),
    "stage2": (24, 16, 24),
    "stage3": (40, 8, 12),
    "stage4": (80, 4, 6),
    "stage5": (112, 4, 6),
    "stage6": (192, 2, 3),
    "stage7": (320, 2, 3),
    "head": (1280, 2, 3),
    "pooled": (1280,),
    "logits": (1000,),
}


def test_features_are_those_of_efficientnet_lite_pytorch():
    numbers = np.random.default_rng(1).random((2, 3, 64, 96), np.float32)
    extract = extractor("efficientnet-lite0", drawn("efficientnet-lite0", "logits"), [*SHAPES])
    features = dict(zip(SHAPES, extract(torch.from_numpy(numbers * 2 - 1)), strict=True))
    assert {name: tuple(each.shape[1:]) for name, each in features.items()} == SHAPES
    head = features["head"]
    assert (head.mean().item(), head.std().item()) == approx(RECORDED, rel=1e-4)
    assert torch.allclose(features["pooled"], head.mean((2, 3)))


def test_levels_127_and_255_become_0_and_1():
    extract = extractor("efficientnet-lite0", drawn("efficientnet-lite0", "stem"), ["stem"])
    for level, expected in ((127, 0), (255, 1)):
        scaled = (2 * level / 255 - 1 - extract.shift) / extract.scale
        assert scaled.flatten().tolist() == approx([expected] * 3, abs=1e-6)


@pytest.mark.parametrize(
    ("size", "stride", "seen"),
    [
        (5, 1, [2, 3, 3, 3, 2]),
        (5, 2, [2, 3, 2]),
        (4, 2, [3, 2]),  # the odd pixel of padding stands at the right and below
        (1, 2, [1]),
    ],
)
def test_padding_is_tensorflows_same(size, stride, seen):
    convolution = SameConv(1, 1, 3, stride).requires_grad_(False)
    convolution.weight.fill_(1)
    [[counts]] = convolution(torch.ones(1, 1, size, size))
    assert counts.tolist() == [[row * column for column in seen] for row in seen]
