import numpy as np
import pytest
import torch
from drawn_weights import drawn
from pytest import approx

from img2img.networks.features import extractor, network
from img2img.networks.features.frozen import FrozenNorm

# mean and standard deviation of what pytorch-fid 0.3.0 computes of the same weights and values
RECORDED = {
    "pool1": (1.3829505443572998, 1.122800350189209),
    "pool2": (1.7774266004562378, 2.230759859085083),
    "Mixed_6e": (2.147204637527466, 3.3883283138275146),
    "pool3": (2.806056022644043, 3.8108649253845215),
}


def test_features_are_those_of_pytorch_fids_own_code():
    numbers = np.random.default_rng(1).random((2, 3, 139, 107), np.float32)
    extract = extractor("inception-fid", drawn("inception-fid", "pool3"), [*RECORDED])
    features = extract(torch.from_numpy(numbers * 2 - 1))
    assert features[-1].shape == (2, 2048)
    for each, recorded in zip(features, RECORDED.values(), strict=True):
        assert (each.mean().item(), each.std().item()) == approx(recorded, rel=1e-4)


def test_norms_are_folded_into_the_convolutions():
    weights = drawn("inception-fid", "pool3")
    extract = extractor("inception-fid", weights, ["Mixed_6a", "pool3"])
    assert not [each for each in extract.modules() if isinstance(each, FrozenNorm)]
    x = torch.rand(2, 3, 107, 139, generator=torch.Generator().manual_seed(0)) * 2 - 1
    folded, found = extract(x), {}
    with torch.no_grad():
        for layer in network("inception-fid", ["pool3"]).layers[:-1]:
            state = {own: weights[f"{layer.key}.{own}"] for own in layer.module.state_dict()}
            layer.module.load_state_dict(state, assign=True)
            found[layer.name] = x = layer.module(x)
    assert torch.allclose(folded[0], found["Mixed_6a"], rtol=1e-4, atol=1e-4)
    assert torch.allclose(folded[1], found["pool3"], rtol=1e-4, atol=1e-4)


def test_a_gradient_passes_the_folded_network_and_is_the_limit_of_differences():
    weights = {key: each.double() for key, each in drawn("inception-fid", "Mixed_5b").items()}
    extract = extractor("inception-fid", weights, ["Mixed_5b"]).double()
    x = (torch.rand(1, 3, 75, 75, generator=torch.Generator().manual_seed(0)) * 2 - 1).double()
    x.requires_grad_()
    extract(x)[0].square().mean().backward()
    way = torch.sign(x.grad) * 1e-6
    with torch.no_grad():
        up, down = (extract(x + side)[0].square().mean() for side in (way, -way))
    assert (up - down).item() == approx(2 * (way * x.grad).sum().item(), rel=1e-3)


def test_bfloat16_is_near_and_pooled_in_single_precision():
    weights = drawn("inception-fid", "pool3")
    x = torch.rand(1, 3, 107, 139, generator=torch.Generator().manual_seed(0)) * 2 - 1
    [single] = extractor("inception-fid", weights, ["pool3"])(x)
    [half] = extractor("inception-fid", weights, ["pool3"], torch.bfloat16)(x)
    assert half.dtype == torch.float32
    assert 0 < (half - single).norm() < 0.05 * single.norm()


def test_unbiased_logits_are_of_the_official_files_classifier():
    weights = drawn("inception-fid", "logits_unbiased")
    extract = extractor("inception-fid", weights, ["pool3", "logits_unbiased"])
    pooled, logits = extract(torch.zeros(1, 3, 80, 80))
    assert logits.shape == (1, 1008)
    assert torch.allclose(logits, pooled @ weights["fc.weight"].T, rtol=1e-4, atol=1e-3)
    del weights["fc.weight"]
    with pytest.raises(ValueError, match=r"inception-fid lack fc\.weight; get their official file"):
        extractor("inception-fid", weights, ["logits_unbiased"])
