"""VGG and AlexNet are torchvision's, layer by layer, on drawn weights."""

import pytest
import torch
from drawn_weights import drawn
from torch import nn

from img2img.networks.features import extractor, network


def theirs(name: str) -> nn.Sequential:
    from torchvision.models.alexnet import AlexNet
    from torchvision.models.vgg import cfgs, make_layers

    with torch.device("meta"):
        if name == "alexnet":
            return AlexNet().features
        return make_layers(cfgs[{"vgg16": "D", "vgg19": "E"}[name]])


@pytest.mark.parametrize("name", ["vgg16", "vgg19", "alexnet"])
def test_every_layer_is_torchvisions(name):
    names = [layer.name for layer in network(name, ["pool5"]).layers]
    weights = drawn(name, "pool5")
    oracle = theirs(name)
    state = {key.removeprefix("features."): weight for key, weight in weights.items()}
    oracle.load_state_dict(state, assign=True)
    values = torch.rand(1, 3, 64, 72, generator=torch.Generator().manual_seed(0)) * 2 - 1
    mean, std = torch.tensor([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]]).view(2, 3, 1, 1)
    x = ((values + 1) / 2 - mean) / std
    for layer, features in zip(oracle, extractor(name, weights, names)(values), strict=True):
        x = layer(x.clone())  # their activations work in place
        torch.testing.assert_close(features, x, rtol=1e-4, atol=1e-4)


def test_the_inceptions_names_and_shapes_are_torchvisions():
    from torchvision.models.inception import Inception3

    with torch.device("meta"):
        oracle = Inception3(aux_logits=False, init_weights=False).state_dict()
    known = {
        key: value.shape
        for key, value in oracle.items()
        if not key.startswith("fc.") and not key.endswith("num_batches_tracked")
    }
    ours = {
        f"{layer.key}.{own}": value.shape
        for layer in network("inception-fid", ["pool3"]).layers[:-1]  # 1008 classes are its own
        for own, value in layer.module.state_dict().items()
    }
    assert ours == known
