"""VGG16 and VGG19: stacks of 3x3 convolutions (Simonyan and Zisserman 2015, table 1, D and E)."""

from collections.abc import Iterator

from torch import nn

from img2img.networks.features.extractor import IMAGENET, Layer, Network

CHANNELS = (64, 128, 256, 512, 512)


def vgg16() -> Network:
    """conv1_1, relu1_1, conv1_2, relu1_2, pool1, ..., relu5_3, pool5."""
    return _network(2, 2, 3, 3, 3)


def vgg19() -> Network:
    """conv1_1, relu1_1, conv1_2, relu1_2, pool1, ..., relu5_4, pool5."""
    return _network(2, 2, 4, 4, 4)


def _network(*depths: int) -> Network:
    named = enumerate(_layers(depths))  # torchvision counts convolutions, activations and pools
    return Network([layer._replace(key=f"features.{i}") for i, layer in named], IMAGENET)


def _layers(depths: tuple[int, ...]) -> Iterator[Layer]:
    inputs = 3
    for block, (depth, channels) in enumerate(zip(depths, CHANNELS, strict=True), 1):
        for i in range(1, depth + 1):
            yield Layer(f"conv{block}_{i}", nn.Conv2d(inputs, channels, 3, padding=1))
            yield Layer(f"relu{block}_{i}", nn.ReLU())
            inputs = channels
        yield Layer(f"pool{block}", nn.MaxPool2d(2), smallest=2)
