"""The Inception-v3 of every published FID: TensorFlow's graph of December 2015.

Szegedy et al. 2016, table 1; Heusel et al. 2017 took this graph. It differs from torchvision's:
pools of means leave out the padding, the last block pools the maximum, and the weights are others.
"""

from torch import nn

from img2img.networks.features.extractor import Layer, Network, Scaling
from img2img.networks.features.frozen import Pooling
from img2img.networks.features.mixed import Convolution, Mixed, Way, row


def inception_fid() -> Network:
    """Conv2d_1a_3x3, ..., Mixed_7c: (N, 2048, 8, 8) of 299 x 299 pixels; pool3: (N, 2048).

    Then logits_unbiased: (N, 1008), whose weights not every file holds.
    """
    layers = [
        Layer("Conv2d_1a_3x3", Convolution(3, 32, 3, 2, pads=False), smallest=3),
        Layer("Conv2d_2a_3x3", Convolution(32, 32, 3, pads=False), smallest=3),
        Layer("Conv2d_2b_3x3", Convolution(32, 64, 3)),
        Layer("pool1", nn.MaxPool2d(3, 2), smallest=3),
        Layer("Conv2d_3b_1x1", Convolution(64, 80, 1)),
        Layer("Conv2d_4a_3x3", Convolution(80, 192, 3, pads=False), smallest=3),
        Layer("pool2", nn.MaxPool2d(3, 2), smallest=3),
        Layer("Mixed_5b", _a(192, 32)),
        Layer("Mixed_5c", _a(256, 64)),
        Layer("Mixed_5d", _a(288, 64)),
        Layer("Mixed_6a", _b(288), smallest=3),
        Layer("Mixed_6b", _c(768, 128)),
        Layer("Mixed_6c", _c(768, 160)),
        Layer("Mixed_6d", _c(768, 160)),
        Layer("Mixed_6e", _c(768, 192)),
        Layer("Mixed_7a", _d(768), smallest=3),
        Layer("Mixed_7b", _e(1280, _mean())),
        Layer("Mixed_7c", _e(2048, nn.MaxPool2d(3, 1, 1))),  # the graph's own slip, kept by all
        Layer("pool3", Pooling()),
    ]
    named = [layer._replace(key=layer.name) for layer in layers]
    # the Inception Score of the graph's authors leaves the bias out
    named.append(Layer("logits_unbiased", nn.Linear(2048, 1008, bias=False), "fc"))
    return Network(named, Scaling())


def _mean() -> nn.Module:
    return nn.AvgPool2d(3, 1, 1, count_include_pad=False)


def _a(inputs: int, pooled: int) -> Mixed:
    """Figure 5, the first 5x5 kept."""
    return Mixed(
        inputs,
        row(("branch1x1", 64, 1)),
        row(("branch5x5_1", 48, 1), ("branch5x5_2", 64, 5)),
        row(("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3)),
        pool=_mean(),
        pooled=pooled,
    )


def _b(inputs: int) -> Mixed:
    return Mixed(
        inputs,
        row(("branch3x3", 384, 3)),
        row(("branch3x3dbl_1", 64, 1), ("branch3x3dbl_2", 96, 3), ("branch3x3dbl_3", 96, 3)),
        pool=nn.MaxPool2d(3, 2),
        halves=True,
    )


def _c(inputs: int, c: int) -> Mixed:
    """Figure 6, n = 7."""
    return Mixed(
        inputs,
        row(("branch1x1", 192, 1)),
        row(("branch7x7_1", c, 1), ("branch7x7_2", c, (1, 7)), ("branch7x7_3", 192, (7, 1))),
        row(
            ("branch7x7dbl_1", c, 1),
            ("branch7x7dbl_2", c, (7, 1)),
            ("branch7x7dbl_3", c, (1, 7)),
            ("branch7x7dbl_4", c, (7, 1)),
            ("branch7x7dbl_5", 192, (1, 7)),
        ),
        pool=_mean(),
        pooled=192,
    )


def _d(inputs: int) -> Mixed:
    return Mixed(
        inputs,
        row(("branch3x3_1", 192, 1), ("branch3x3_2", 320, 3)),
        row(
            ("branch7x7x3_1", 192, 1),
            ("branch7x7x3_2", 192, (1, 7)),
            ("branch7x7x3_3", 192, (7, 1)),
            ("branch7x7x3_4", 192, 3),
        ),
        pool=nn.MaxPool2d(3, 2),
        halves=True,
    )


def _e(inputs: int, pool: nn.Module) -> Mixed:
    """Figure 7."""
    return Mixed(
        inputs,
        row(("branch1x1", 320, 1)),
        Way(
            (("branch3x3_1", 384, 1),),
            (("branch3x3_2a", 384, (1, 3)), ("branch3x3_2b", 384, (3, 1))),
        ),
        Way(
            (("branch3x3dbl_1", 448, 1), ("branch3x3dbl_2", 384, 3)),
            (("branch3x3dbl_3a", 384, (1, 3)), ("branch3x3dbl_3b", 384, (3, 1))),
        ),
        pool=pool,
        pooled=192,
    )
