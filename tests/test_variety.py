from hashlib import sha256
from math import isnan

import numpy as np
import pytest
from drawn_weights import drawn
from safetensors.torch import save_file

from img2img import images
from img2img.base.metrics.collection import Collection
from img2img.base.metrics.sets import Sets
from img2img.base.metrics.span import Span
from img2img.base.metrics.stills import Stills
from img2img.ensembles import compare
from img2img.gathering import Look
from img2img.material import Ensembles
from img2img.perception import LPIPS, lpips_metric
from img2img.variety import learned_sets
from img2img.weights import MissingWeightsError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Drawn weights of LPIPS."""
    import torch

    root = tmp_path_factory.mktemp("weights")
    save_file(drawn("alexnet", LPIPS["lpips-alex"][1][-1]), root / "alexnet.safetensors")
    heads = {
        f"lin{i}.model.1.weight": torch.rand(1, channels, 1, 1)
        for i, channels in enumerate((64, 192, 384, 256, 256))
    }
    save_file(heads, root / "lpips-alex.safetensors")
    return root


def diversity(folder, *pictures):
    fake = Collection(len(pictures), {"stills": Stills.of(pictures)})
    return learned_sets(folder)["diversity"].finish(Sets(fake, fake))


def noise(seed, side=64):
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def test_diversity_is_the_mean_lpips_of_pairs(folder):
    pictures = [noise(i) for i in range(3)]
    judge = lpips_metric("lpips-alex", Span(0, 255), folder)
    apart = [
        judge.finish(judge.state(pictures[i], pictures[j], None))
        for i, j in ((0, 1), (0, 2), (1, 2))
    ]
    assert diversity(folder, *pictures) == pytest.approx((np.mean(apart),) * 2, rel=1e-6)
    assert diversity(folder, *[pictures[0]] * 3) == (0, 0)


def test_its_protocol_tells_which_weights_judged(folder):
    made = [lambda i=i: noise(i) for i in range(3)]
    look = Look(Span(0, 255), "uint8", folder=folder)
    found = compare(["diversity"], Ensembles(made, made), look, {}, table=learned_sets(folder))
    told = found.entries["diversity"]["protocol"]["lpips"]
    for name in ("alexnet", "lpips-alex"):
        data = (folder / f"{name}.safetensors").read_bytes()
        assert f"{name} {sha256(data).hexdigest()[:8]}" in told


def test_one_picture_has_no_diversity(folder):
    assert all(map(isnan, diversity(folder, noise(0))))


def test_pictures_of_two_sizes_are_resized(folder):
    sizes = [noise(0), noise(1, 70)]
    resized = [images.resize(picture, 256, 256) for picture in sizes]
    assert diversity(folder, *sizes) == diversity(folder, *resized) > (0, 0)


def test_weights_are_missing_when_it_is_finished_and_not_before(tmp_path, monkeypatch):
    monkeypatch.setenv("IMG2IMG_WEIGHTS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert [*learned_sets()] == ["diversity"]
    with pytest.raises(MissingWeightsError, match="img2img weights get alexnet"):
        diversity(None, noise(0), noise(1))
