"""What frozen networks judge; figures of the real ones where their weights are at hand."""

import os
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_weights import drawn
from pytest import approx
from safetensors.torch import save_file

from img2img import images
from img2img.base.metrics.dists import dists
from img2img.base.metrics.lpips import lpips
from img2img.base.metrics.span import Span
from img2img.networks.features import extractor
from img2img.perception import CHANNELS, STAGES, content, dists_metric, lpips_metric

BYTES = Span(0, 255)


def picture(seed, channels=3, side=40):
    return np.random.default_rng(seed).integers(0, 256, (side, side, channels), np.uint8)


def value(metric, fake, real, mask=None):
    return metric.finish(metric.state(fake, real, mask))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Drawn weights of AlexNet and its heads."""
    root = tmp_path_factory.mktemp("weights")
    channels = (64, 192, 384, 256, 256)
    heads = {
        f"lin{i}.model.1.weight": torch.linspace(0, 1, c).view(1, c, 1, 1)
        for i, c in enumerate(channels)
    }
    save_file(drawn("alexnet", "relu5"), root / "alexnet.safetensors")
    save_file(heads, root / "lpips-alex.safetensors")
    return root


def at_hand(variable):
    if variable not in os.environ:
        pytest.skip(f"{variable} names no folder")
    return Path(os.environ[variable])


def test_content_is_by_a_network_and_a_layer(folder):
    loss = content("alexnet:relu2", folder)
    fake = torch.rand(1, 1, 32, 32, requires_grad=True)
    loss(fake, torch.rand(1, 1, 32, 32)).backward()
    assert loss.network.layers == ("relu2",)
    assert fake.grad.abs().sum() > 0


@pytest.mark.parametrize(
    ("features", "sentence"),
    [
        ("vgg19", "unknown features 'vgg19'; name a network and a layer: vgg19:relu5_4"),
        ("vgg:relu1", "unknown feature network 'vgg'; choose from vgg19, vgg16, alexnet"),
        ("vgg19:relu5_5", "vgg19 has no layer 'relu5_5'; choose from conv1_1"),
    ],
)
def test_unknown_features_are_one_sentence_before_weights_are_looked_for(
    tmp_path, features, sentence
):
    with pytest.raises(ValueError, match=sentence):
        content(features, tmp_path)


def test_lpips_of_equal_pictures_is_0_and_it_falls(folder):
    metric = lpips_metric("lpips-alex", BYTES, folder)
    assert value(metric, picture(0), picture(0)) == approx(0, abs=1e-6)
    assert value(metric, picture(0), picture(1)) > 0
    assert not metric.rises


def test_lpips_is_of_features_of_values_from_minus_1_to_1(folder):
    extract = extractor("alexnet", drawn("alexnet", "relu5"), [f"relu{i}" for i in range(1, 6)])
    fake, real = (
        extract(torch.from_numpy(picture(seed)).permute(2, 0, 1)[None] / 127.5 - 1)
        for seed in (0, 1)
    )
    heads = [torch.linspace(0, 1, each.shape[1]) for each in fake]
    metric = lpips_metric("lpips-alex", BYTES, folder)
    expected = lpips(fake, real, heads).item()
    assert value(metric, picture(0), picture(1)) == approx(expected, rel=1e-4)


def test_lpips_is_of_what_pixels_show_whatever_their_depth_and_channels(folder):
    eight, sixteen = (lpips_metric("lpips-alex", Span(0, top), folder) for top in (255, 65535))
    fake, real = picture(0, channels=1), picture(1, channels=1)
    expected = value(eight, fake, real)
    deep = [each.astype(np.uint16) * 257 for each in (fake, real)]
    assert value(sixteen, *deep) == approx(expected, rel=1e-5)
    colours = [each.repeat(3, axis=2) for each in (fake, real)]
    assert value(eight, *colours) == approx(expected, rel=1e-5)


def test_lpips_adds_up_to_the_mean_over_pictures(folder):
    metric = lpips_metric("lpips-alex", BYTES, folder)
    pairs = [(picture(0), picture(1)), (picture(2), picture(3))]
    states = [metric.state(*pair, None) for pair in pairs]
    assert metric.finish(states[0] + states[1]) == approx(
        np.mean([value(metric, *p) for p in pairs])
    )


def test_lpips_refuses_a_mask_that_hides_pixels(folder):
    metric = lpips_metric("lpips-alex", BYTES, folder)
    mask = np.ones((40, 40), bool)
    assert value(metric, picture(0), picture(1), mask) == value(metric, picture(0), picture(1))
    mask[3, 4] = False
    with pytest.raises(
        ValueError, match="judges whole pictures, but 1 of 1600 pixels do not count"
    ):
        metric.state(picture(0), picture(1), mask)


def test_what_lpips_cannot_judge_is_one_sentence(folder, tmp_path):
    metric = lpips_metric("lpips-alex", BYTES, folder)
    for fake, real, sentence in (
        (picture(0), picture(0, side=41), "unequal shapes"),
        (
            picture(0, channels=5),
            picture(0, channels=5),
            r"features are of pictures \(N, 3, H, W\)",
        ),
        (picture(0, side=20), picture(0, side=20), "20 x 20 pixels are too few"),
    ):
        with pytest.raises(ValueError, match=sentence):
            metric.state(fake, real, None)
    with pytest.raises(ValueError, match="unknown metric 'lpips-squeeze'; choose from lpips-alex"):
        lpips_metric("lpips-squeeze", BYTES, folder)
    save_file(drawn("alexnet", "relu5"), tmp_path / "alexnet.safetensors")
    save_file({"lin0.model.1.weight": torch.ones(1, 64, 1, 1)}, tmp_path / "lpips-alex.safetensors")
    with pytest.raises(ValueError, match=r"the weights of lpips-alex lack lin1\.model\.1\.weight"):
        lpips_metric("lpips-alex", BYTES, tmp_path)


def test_the_definition_names_both_files_by_their_hashes(folder):
    definition = lpips_metric("lpips-alex", BYTES, folder).definition
    for name in ("alexnet", "lpips-alex"):
        digest = sha256((folder / f"{name}.safetensors").read_bytes()).hexdigest()
        assert f"{name} {digest[:8]}" in definition


@pytest.fixture(scope="module")
def with_dists(tmp_path_factory):
    """Drawn weights of VGG16 and of DISTS."""
    root = tmp_path_factory.mktemp("dists")
    save_file(drawn("vgg16", "relu5_3"), root / "vgg16.safetensors")
    given = {name: torch.linspace(low, 1, 1475) for name, low in (("alpha", 0), ("beta", 0.5))}
    save_file({k: v.view(1, -1, 1, 1) for k, v in given.items()}, root / "dists.safetensors")
    return root


def test_dists_is_of_the_picture_and_of_five_stages_of_vgg(with_dists):
    extract = extractor("vgg16-l2", drawn("vgg16", "relu5_3"), STAGES)
    fake, real = (torch.from_numpy(picture(seed)).permute(2, 0, 1)[None] / 255 for seed in (0, 1))
    weights = (torch.linspace(low, 1, 1475).split(list(CHANNELS)) for low in (0, 0.5))
    expected = dists([fake, *extract(fake * 2 - 1)], [real, *extract(real * 2 - 1)], *weights)
    metric = dists_metric(BYTES, with_dists)
    assert value(metric, picture(0), picture(1)) == approx(expected.item(), rel=1e-4)
    assert not metric.rises


def test_dists_is_of_what_pixels_show_whatever_their_depth_and_channels(with_dists):
    eight, sixteen = (dists_metric(Span(0, top), with_dists) for top in (255, 65535))
    fake, real = picture(0, channels=1, side=17), picture(1, channels=1, side=17)
    expected = value(eight, fake, real)
    assert expected > 0.01
    deep = [each.astype(np.uint16) * 257 for each in (fake, real)]
    assert value(sixteen, *deep) == approx(expected, rel=1e-4)
    assert value(eight, *(each.repeat(3, axis=2) for each in (fake, real))) == approx(
        expected, rel=1e-4
    )
    assert value(eight, real, real) == approx(0, abs=1e-12)


def test_what_dists_cannot_judge_is_one_sentence(with_dists, tmp_path):
    metric = dists_metric(BYTES, with_dists)
    mask = np.ones((40, 40), bool)
    mask[3, 4] = False
    with pytest.raises(ValueError, match="dists judges whole pictures, but 1 of 1600 pixels do no"):
        metric.state(picture(0), picture(1), mask)
    with pytest.raises(ValueError, match=r"features are of pictures \(N, 3, H, W\)"):
        metric.state(picture(0, channels=5), picture(1, channels=5), None)
    (tmp_path / "vgg16.safetensors").symlink_to(with_dists / "vgg16.safetensors")
    save_file({"alpha": torch.ones(1475), "beta": torch.ones(3)}, tmp_path / "dists.safetensors")
    with pytest.raises(ValueError, match="the weights of dists lack beta as it should be; get"):
        dists_metric(BYTES, tmp_path)


def test_the_definition_of_dists_names_both_files_by_their_hashes(with_dists):
    definition = dists_metric(BYTES, with_dists).definition
    for name in ("vgg16", "dists"):
        digest = sha256((with_dists / f"{name}.safetensors").read_bytes()).hexdigest()
        assert f"{name} {digest[:8]}" in definition


def test_dists_of_the_examples_is_what_its_authors_code_computes():
    weights, data = at_hand("IMG2IMG_WEIGHTS"), at_hand("IMG2IMG_DATA")
    if not (weights / "dists.safetensors").is_file():
        pytest.skip("there are no weights of dists")
    metric = dists_metric(BYTES, weights)
    reference, *others = (
        images.read(data / "lpips_examples" / f"ex_{each}.png") for each in ("ref", "p0", "p1")
    )
    found = [value(metric, other, reference) for other in others]
    assert found == approx([0.3879273, 0.2250237], abs=1e-5)


def test_learned_metrics_have_intervals(with_dists):
    metric = dists_metric(BYTES, with_dists)
    states = [metric.state(picture(0, side=16), picture(i, side=16), None) for i in (1, 2, 3)]
    low, high = metric.interval(states)
    assert low < metric.finish(states[0] + states[1] + states[2]) < high


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("lpips-alex", (0.7219, 0.1376)),  # printed by the authors
        ("lpips-vgg", (0.5686, 0.4217)),  # computed by their package lpips 0.1.4
    ],
)
def test_the_authors_example_has_the_authors_figures(name, values):
    weights, data = at_hand("IMG2IMG_WEIGHTS"), at_hand("IMG2IMG_DATA")
    metric = lpips_metric(name, BYTES, weights)
    reference, *others = (
        images.read(data / "lpips_examples" / f"ex_{each}.png") for each in ("ref", "p0", "p1")
    )
    assert [value(metric, other, reference) for other in others] == approx(values, abs=1e-3)
