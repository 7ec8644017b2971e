"""What networks keep of pictures; figures of the real ones where their weights are at hand."""

import os
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import torch
from drawn_weights import drawn
from pytest import approx
from safetensors.torch import save_file

from img2img import images, weights
from img2img.base.metrics.features import Features
from img2img.base.metrics.frechet import Moments, frechet_distance
from img2img.collecting import collect
from img2img.networks.features import extractor
from img2img.networks.features.resizing import clean, imagenet
from img2img.observers import features_observer, probabilities, probabilities_observer


def picture(seed, channels=3, side=40):
    return np.random.default_rng(seed).integers(0, 256, (side, side, channels), np.uint8)


def rows(observer, *pictures, batch=32):
    given = [partial(np.copy, each) for each in pictures]
    return collect(given, {"rows": observer}, batch=batch).states["rows"].rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Drawn weights, the Inception's without its classifier."""
    root = tmp_path_factory.mktemp("weights")
    save_file(drawn("inception-fid", "pool3"), root / "inception-fid.safetensors")
    save_file(drawn("efficientnet-lite0", "logits"), root / "efficientnet-lite0.safetensors")
    return root


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """Drawn weights of an Inception with its classifier."""
    root = tmp_path_factory.mktemp("official")
    save_file(drawn("inception-fid", "logits_unbiased"), root / "inception-fid.safetensors")
    return root


def test_features_are_of_8_bit_pictures_of_any_size_gray_or_rgb(folder):
    observer, _ = features_observer(folder=folder)
    gray = picture(0, channels=1, side=64)
    features = rows(observer, gray, gray.repeat(3, axis=2), picture(1, side=48), batch=2)
    assert (features.shape, features.dtype) == ((3, 2048), np.float32)
    assert np.allclose(features[0], features[1], atol=1e-4)
    for wrong, kind in ((picture(0, channels=4), "uint8 in 4"), (gray.astype("u2"), "uint16 in 1")):
        with pytest.raises(ValueError, match=f"8-bit gray or RGB pictures, not {kind} channels"):
            rows(observer, wrong)


def test_the_facts_are_the_protocol(folder):
    _, facts = features_observer(protocol="torch-fidelity", precision="bf16", folder=folder)
    digest = sha256((folder / "inception-fid.safetensors").read_bytes()).hexdigest()
    assert facts == {
        "extractor": "inception-fid:pool3",
        "sha256": digest,
        "resize": "TensorFlow 1: bilinear, corner, not antialiased, 299 x 299",
        "precision": "bf16",
        "range": "[-1, 127/128]",
    }
    _, facts = features_observer("efficientnet-lite0", folder=folder)
    assert facts["extractor"] == "efficientnet-lite0:pooled"
    assert "224 x 224" in facts["resize"]


def test_the_protocol_resizes_and_unpooled_layers_are_averaged(folder):
    observer, _ = features_observer("inception-fid", "Mixed_5b", protocol="clean", folder=folder)
    extract = extractor("inception-fid", drawn("inception-fid", "Mixed_5b"), ["Mixed_5b"])
    [expected] = extract(clean(picture(0))[None])
    assert np.allclose(rows(observer, picture(0)), expected.mean((2, 3)), rtol=1e-4, atol=1e-4)


def test_probabilities_are_of_the_inception_if_its_file_classifies_else_of_efficientnet(
    folder, official
):
    for root, extracted, classes in (
        (folder, "efficientnet-lite0:logits", 1000),
        (official, "inception-fid:logits_unbiased", 1008),
    ):
        observer, facts = probabilities_observer(folder=root)
        found = rows(observer, picture(0), picture(1))
        assert facts["extractor"] == extracted
        assert (found.shape, found.dtype) == ((2, classes), np.float64)
        assert found.sum(axis=1) == approx(np.ones(2), rel=1e-12)
        assert found.min() >= 0
    extract = extractor("efficientnet-lite0", drawn("efficientnet-lite0", "logits"), ["logits"])
    [expected] = extract(imagenet(picture(0))[None])
    [found] = rows(probabilities_observer("efficientnet-lite0", folder=folder)[0], picture(0))
    assert found == approx(expected.double().softmax(1)[0].numpy(), rel=1e-3, abs=1e-9)


@pytest.mark.parametrize("name", ["inception-fid", "efficientnet-lite0"])
def test_probabilities_of_features_are_those_of_pictures(folder, official, name):
    root = official if name == "inception-fid" else folder
    given = [partial(picture, seed) for seed in range(3)]
    kept = {
        "features": features_observer(name, folder=root)[0],
        "probabilities": probabilities_observer(name, folder=root)[0],
    }
    states = collect(given, kept, batch=2).states
    found = probabilities(states["features"], name, root)
    assert np.allclose(found.rows, states["probabilities"].rows, rtol=1e-4, atol=1e-9)
    assert not len(probabilities(Features(), name, root))
    with pytest.raises(ValueError, match=f"{name} classifies .* numbers, not 3; give features of"):
        probabilities(Features.of(np.ones((2, 3))), name, root)


def test_what_is_unknown_or_missing_is_one_sentence(folder):
    for choose, sentence in (
        (
            partial(features_observer, protocol="cleen"),
            "unknown protocol 'cleen'; choose from pyto",
        ),
        (
            partial(features_observer, precision="fp8"),
            "unknown precision 'fp8'; choose from float32",
        ),
        (partial(features_observer, "vgg"), "unknown feature network 'vgg'; choose from"),
        (partial(probabilities_observer, "vgg16"), "'vgg16' is no classifier; choose from incep"),
        (
            partial(probabilities_observer, "inception-fid"),
            r"lack the classifier fc\.weight, as tho",
        ),
    ):
        with pytest.raises(ValueError, match=sentence):
            choose(folder=folder)


def test_missing_weights_are_told_how_to_get(tmp_path, monkeypatch):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for choose in (features_observer, partial(probabilities_observer, "inception-fid")):
        with pytest.raises(weights.MissingWeightsError, match=r"no inception-fid\.safetensors in"):
            choose()
    with pytest.raises(weights.MissingWeightsError, match=r"no efficientnet-lite0\.safetensors in"):
        probabilities_observer()


def at_hand(variable):
    if variable not in os.environ:
        pytest.skip(f"{variable} names no folder")
    return Path(os.environ[variable])


@pytest.mark.stress
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("ignore")
def test_the_fid_of_facades_is_pytorch_fids(tmp_path, monkeypatch):
    """Needs a scipy before 1.18."""
    root, data = at_hand("IMG2IMG_WEIGHTS"), at_hand("IMG2IMG_DATA")
    score = pytest.importorskip("pytorch_fid.fid_score")
    for split in ("train", "val"):
        for path in sorted((data / "facades" / split).iterdir())[:100]:
            photo, _ = np.split(images.read(path), 2, axis=1)
            images.write(tmp_path / split / f"{path.stem}.png", np.ascontiguousarray(photo))
    sides = [tmp_path / split for split in ("train", "val")]
    observer, _ = features_observer(folder=root)
    found = [[partial(images.read, path) for path in images.find(side)] for side in sides]
    states = [collect(each, {"features": observer}).states["features"] for each in found]
    ours = frechet_distance(*(Moments.of(each.rows) for each in states))
    assert ours == approx(theirs(score, sides, root, monkeypatch), abs=0.01)


def theirs(score, sides, folder, monkeypatch):
    """The FID by pytorch-fid's own code, whose download is replaced by the file at hand."""
    from pytorch_fid import inception

    classifier = {"fc.weight": torch.zeros(1008, 2048), "fc.bias": torch.zeros(1008)}
    given = weights.load("inception-fid", folder) | classifier
    monkeypatch.setattr(inception, "load_state_dict_from_url", lambda *_, **__: given)
    return score.calculate_fid_given_paths([*map(str, sides)], 50, "cpu", 2048, num_workers=0)
