"""EfficientNet-lite0: inverted residuals without squeeze-and-excitation (Tan and Le 2019; the lite
variant of Google's TPU repository, whose weights it takes).
"""

from collections import OrderedDict
from typing import NamedTuple

from torch import Tensor, nn

from img2img.networks.features.extractor import Layer, Network, Scaling
from img2img.networks.features.frozen import FrozenNorm, Pooling, SameConv

# (x - 127/255) / (128/255) of x in [0, 1]
SCALING = Scaling((-1 / 255,) * 3, (256 / 255,) * 3)


class Stage(NamedTuple):
    """Blocks of one width; the first of them strides."""

    blocks: int
    kernel: int
    stride: int
    expand: int
    channels: int


STAGES = (  # table 1 of the paper; strides and kernels
    Stage(1, 3, 1, 1, 16),
    Stage(2, 3, 2, 6, 24),
    Stage(2, 5, 2, 6, 40),
    Stage(3, 3, 2, 6, 80),
    Stage(3, 5, 1, 6, 112),
    Stage(4, 5, 2, 6, 192),
    Stage(1, 3, 1, 6, 320),
)


class Block(nn.Module):
    """Expand, filter each channel, project; with a skip where the shape stays (MobileNetV2)."""

    def __init__(self, inputs: int, channels: int, kernel: int, stride: int, expand: int) -> None:
        super().__init__()
        wide = inputs * expand
        parts: list[tuple[str, nn.Module]] = []
        if expand != 1:
            parts += [
                ("_expand_conv", SameConv(inputs, wide, 1)),
                ("_bn0", FrozenNorm(wide)),
                ("relu0", nn.ReLU6(inplace=True)),
            ]
        parts += [
            ("_depthwise_conv", SameConv(wide, wide, kernel, stride, groups=wide)),
            ("_bn1", FrozenNorm(wide)),
            ("relu1", nn.ReLU6(inplace=True)),
            ("_project_conv", SameConv(wide, channels, 1)),
            ("_bn2", FrozenNorm(channels)),
        ]
        for name, part in parts:
            self.add_module(name, part)
        self.skips = stride == 1 and inputs == channels

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H / stride, W / stride), rounded up."""
        y = x
        for part in self.children():
            y = part(y)
        return x + y if self.skips else y


def efficientnet_lite0() -> Network:
    """stem, stage1 to stage7, head: (N, 1280, H / 32, W / 32); pooled: (N, 1280).

    Then logits: (N, 1000), of the classes of ImageNet.
    """
    layers = [Layer("stem", _unit("_conv_stem", SameConv(3, 32, 3, 2), "_bn0"))]
    inputs, number = 32, 0
    for i, stage in enumerate(STAGES, 1):
        blocks: OrderedDict[str, nn.Module] = OrderedDict()
        for first in [True] + [False] * (stage.blocks - 1):
            stride = stage.stride if first else 1
            block = Block(inputs, stage.channels, stage.kernel, stride, stage.expand)
            blocks[str(number)] = block  # the file counts blocks through all stages
            inputs, number = stage.channels, number + 1
        layers.append(Layer(f"stage{i}", nn.Sequential(blocks), "_blocks"))
    layers.append(Layer("head", _unit("_conv_head", SameConv(inputs, 1280, 1), "_bn1")))
    layers.append(Layer("pooled", Pooling()))
    layers.append(Layer("logits", nn.Linear(1280, 1000), "_fc"))
    return Network(layers, SCALING)


def _unit(name: str, convolution: nn.Conv2d, norm: str) -> nn.Sequential:
    """The convolution, its norm and activation, by the names of the file."""
    norms = FrozenNorm(convolution.out_channels)
    return nn.Sequential(
        OrderedDict({name: convolution, norm: norms, "relu": nn.ReLU6(inplace=True)})
    )
