import pytest
import torch
from drawn_weights import drawn
from torch import nn

from img2img.networks.features import extractor


def picture(channels=3, side=32, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(2, channels, side, side, generator=generator) * 2 - 1


@pytest.fixture(scope="module")
def weights():
    return drawn("vgg16", "conv2_1")


def test_features_come_in_the_order_they_were_asked_for(weights):
    names = ["relu1_2", "conv1_1", "conv2_1", "relu1_2"]
    together = extractor("vgg16", weights, names)(picture())
    for name, features in zip(names, together, strict=True):
        [alone] = extractor("vgg16", weights, [name])(picture())
        assert torch.equal(features, alone)
    shapes = [tuple(features.shape[1:]) for features in together]
    assert shapes == [(64, 32, 32), (64, 32, 32), (128, 16, 16), (64, 32, 32)]


def test_nothing_after_the_last_layer_is_kept_computed_or_asked_of_the_weights():
    first = extractor("vgg19", drawn("vgg19", "conv1_1"), ["relu1_1"])
    assert [*first.chain] == ["conv1_1", "relu1_1"]
    assert first(picture(side=1))[0].shape == (2, 64, 1, 1)


def test_gray_is_repeated(weights):
    extract = extractor("vgg16", weights, ["relu1_1"])
    gray = picture(channels=1)
    assert torch.allclose(extract(gray)[0], extract(gray.repeat(1, 3, 1, 1))[0], atol=1e-5)


def test_the_picture_receives_a_gradient_and_the_weights_none(weights):
    extract = extractor("vgg16", weights, ["conv2_1"])
    values = picture().requires_grad_()
    extract(values)[0].square().mean().backward()
    assert values.grad.abs().sum() > 0
    assert not any(weight.requires_grad for weight in extract.parameters())


def test_a_network_whose_weights_are_taken_goes_on_learning():
    learning = nn.Conv2d(3, 64, 3)
    given = {f"features.0.{key}": weight for key, weight in learning.named_parameters()}
    extractor("vgg16", given, ["conv1_1"])
    assert all(weight.requires_grad for weight in learning.parameters())


@pytest.mark.parametrize(
    ("name", "layer"), [("efficientnet-lite0", "stage2"), ("inception-fid", "Mixed_5b")]
)
def test_the_mode_makes_no_difference(name, layer):
    extract = extractor(name, drawn(name, layer), [layer])
    assert not extract.training
    before = extract(picture())[0]
    assert torch.equal(extract.train()(picture())[0], before)
    assert torch.equal(extract.eval()(picture())[0], before)


def test_building_draws_no_random_numbers(weights):
    state = torch.get_rng_state()
    extractor("vgg16", weights, ["conv2_1"])
    assert torch.equal(torch.get_rng_state(), state)


def test_half_and_double_pictures_are_computed_in_the_weights_precision(weights):
    extract = extractor("vgg16", weights, ["relu1_1"])
    for dtype in (torch.bfloat16, torch.float64):
        values = picture().to(dtype)
        assert torch.equal(extract(values)[0], extract(values.float())[0])


@pytest.mark.parametrize(
    ("name", "layer", "side"),
    [
        ("vgg16", "relu5_3", 16),
        ("vgg16", "pool5", 32),
        ("alexnet", "conv1", 7),
        ("alexnet", "relu5", 31),
        ("alexnet", "pool5", 63),
        ("inception-fid", "Conv2d_1a_3x3", 3),
        ("inception-fid", "pool3", 75),
        ("efficientnet-lite0", "pooled", 1),
    ],
)
def test_the_smallest_picture_passes_and_a_smaller_one_is_one_sentence(name, layer, side):
    extract = extractor(name, drawn(name, layer), [layer])
    assert extract(picture(side=side))[0].isfinite().all()
    with pytest.raises(ValueError, match=rf"200 x {side - 1} pixels are too few for \w+; give"):
        extract(torch.zeros(1, 3, side - 1, 200))


def test_what_is_unknown_is_one_sentence_that_names_the_choices(weights):
    with pytest.raises(ValueError, match="unknown feature network 'vgg'; choose from vgg19, vgg16"):
        extractor("vgg", weights, ["relu1_1"])
    with pytest.raises(ValueError, match="vgg16 has no layer 'relu5_4'; choose from conv1_1, relu"):
        extractor("vgg16", weights, ["relu1_1", "relu5_4"])
    with pytest.raises(ValueError, match="no layer of alexnet is named; choose from conv1, relu1"):
        extractor("alexnet", weights, [])


def test_missing_and_misshapen_weights_are_one_sentence(weights):
    with pytest.raises(ValueError, match=r"the weights of vgg16 lack features\.7\.weight; get"):
        extractor("vgg16", weights, ["relu2_2"])
    wrong = weights | {"features.2.weight": torch.zeros(64, 64, 1, 1)}
    with pytest.raises(
        ValueError, match=r"features\.2\.weight of the weights of vgg16 is \(64, 64"
    ):
        extractor("vgg16", wrong, ["relu1_2"])


@pytest.mark.parametrize("shape", [(3, 32, 32), (1, 4, 32, 32)])
def test_other_channels_are_one_sentence(weights, shape):
    with pytest.raises(ValueError, match=r"features are of pictures \(N, 3, H, W\) or .*, not \("):
        extractor("vgg16", weights, ["relu1_1"])(torch.zeros(shape))
