"""VGG16 and VGG19: stacks of 3x3 convolutions (Simonyan and Zisserman 2015, table 1, D and E)."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d

from img2img.networks.features.extractor import IMAGENET, Layer, Network

CHANNELS = (64, 128, 256, 512, 512)
TINY = 1e-12  # of DISTS' authors: the root has a slope at 0


class L2Pool(nn.Module):
    """sqrt(g * x^2), every other place: the windows g are Hann's and sum to 1 (DISTS).

    (N, C, H, W) to (N, C, ceil(H / 2), ceil(W / 2)); as max pooling, but without its aliasing.
    """

    def forward(self, x: Tensor) -> Tensor:
        """Outside the picture all is 0."""
        line = torch.tensor([0.25, 0.5, 0.25], dtype=x.dtype, device=x.device)
        channels = x.shape[1]
        window = torch.outer(line, line).expand(channels, 1, 3, 3)
        return (conv2d(x**2, window, stride=2, padding=1, groups=channels) + TINY).sqrt()


def vgg16() -> Network:
    """conv1_1, relu1_1, conv1_2, relu1_2, pool1, ..., relu5_3, pool5."""
    return _network(2, 2, 3, 3, 3)


def vgg16_l2() -> Network:
    """VGG16 with the same weights, its pools L2 (Ding et al. 2020)."""
    return _network(2, 2, 3, 3, 3, pool=L2Pool)


def vgg19() -> Network:
    """conv1_1, relu1_1, conv1_2, relu1_2, pool1, ..., relu5_4, pool5."""
    return _network(2, 2, 4, 4, 4)


def _network(*depths: int, pool: Callable[[], nn.Module] | None = None) -> Network:
    named = enumerate(
        _layers(depths, pool)
    )  # torchvision counts convolutions, activations and pools
    return Network([layer._replace(key=f"features.{i}") for i, layer in named], IMAGENET)


def _layers(depths: tuple[int, ...], pool: Callable[[], nn.Module] | None) -> Iterator[Layer]:
    inputs = 3
    for block, (depth, channels) in enumerate(zip(depths, CHANNELS, strict=True), 1):
        for i in range(1, depth + 1):
            yield Layer(f"conv{block}_{i}", nn.Conv2d(inputs, channels, 3, padding=1))
            yield Layer(f"relu{block}_{i}", nn.ReLU())
            inputs = channels
        if pool is None:
            yield Layer(f"pool{block}", nn.MaxPool2d(2), smallest=2)
        else:
            yield Layer(f"pool{block}", pool())
