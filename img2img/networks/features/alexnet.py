"""AlexNet as torchvision has it: five convolutions (Krizhevsky 2014, "one weird trick")."""

from torch import nn

from img2img.networks.features.extractor import IMAGENET, Layer, Network


def alexnet() -> Network:
    """conv1, relu1, pool1, conv2, relu2, pool2, conv3, relu3, conv4, relu4, conv5, relu5, pool5."""
    layers = [
        Layer("conv1", nn.Conv2d(3, 64, 11, stride=4, padding=2), smallest=7),
        Layer("relu1", nn.ReLU()),
        Layer("pool1", nn.MaxPool2d(3, 2), smallest=3),
        Layer("conv2", nn.Conv2d(64, 192, 5, padding=2)),
        Layer("relu2", nn.ReLU()),
        Layer("pool2", nn.MaxPool2d(3, 2), smallest=3),
        Layer("conv3", nn.Conv2d(192, 384, 3, padding=1)),
        Layer("relu3", nn.ReLU()),
        Layer("conv4", nn.Conv2d(384, 256, 3, padding=1)),
        Layer("relu4", nn.ReLU()),
        Layer("conv5", nn.Conv2d(256, 256, 3, padding=1)),
        Layer("relu5", nn.ReLU()),
        Layer("pool5", nn.MaxPool2d(3, 2), smallest=3),
    ]
    named = [layer._replace(key=f"features.{i}") for i, layer in enumerate(layers)]
    return Network(named, IMAGENET)
