import pytest
import torch
from pytest import approx

from img2img.base.metrics.dists import dists

ALPHA = [torch.tensor([1.0, 2.0]), torch.tensor([0.5, 0.0, 0.25])]
BETA = [torch.tensor([0.5, 1.0]), torch.tensor([2.0, 0.75, 0.0])]
TOTAL = 8.0


def features(seed=0, count=3):
    generator = torch.Generator().manual_seed(seed)
    sizes = [(2, 6, 4), (3, 2, 2)]
    return [torch.rand(count, *size, generator=generator) for size in sizes]


def test_it_is_its_definition_map_by_map():
    fake, real = features(0), features(1)
    found = dists(fake, real, ALPHA, BETA)
    assert found.shape == (3,) and found.dtype == torch.float64
    for n in range(3):
        alike = 0.0
        for x, y, alpha, beta in zip(fake, real, ALPHA, BETA, strict=True):
            for j in range(x.shape[1]):
                a, b = x[n, j].flatten().double(), y[n, j].flatten().double()
                means = a.mean(), b.mean()
                covariance = (a * b).mean() - means[0] * means[1]
                spread = a.var(correction=0) + b.var(correction=0)
                texture = (2 * means[0] * means[1] + 1e-6) / (means[0] ** 2 + means[1] ** 2 + 1e-6)
                alike += alpha[j] * texture + beta[j] * (2 * covariance + 1e-6) / (spread + 1e-6)
        assert found[n].item() == approx(1 - float(alike) / TOTAL, abs=1e-6)


def test_equal_features_are_0_apart_and_the_sides_are_interchangeable():
    fake, real = features(0), features(1)
    assert dists(fake, fake, ALPHA, BETA).tolist() == approx([0, 0, 0], abs=1e-12)
    assert dists(fake, real, ALPHA, BETA).tolist() == approx(
        dists(real, fake, ALPHA, BETA).tolist()
    )


def test_a_texture_in_another_order_differs_by_its_structure_alone():
    fake = features(0)
    turned = [each.flip(2, 3) for each in fake]
    nothing = [torch.zeros_like(each) for each in BETA]
    assert dists(fake, turned, ALPHA, nothing).tolist() == approx([0, 0, 0], abs=1e-12)
    assert dists(fake, turned, ALPHA, BETA).min() > 0.01


def test_features_of_other_layers_are_one_sentence():
    with pytest.raises(
        ValueError, match="of 2 and 2 layers, but 1 and 2 weights; give one of each"
    ):
        dists(features(), features(), ALPHA[:1], BETA)
    with pytest.raises(ValueError, match=r"features of shapes .* and weights of \(3,\) and \(2,\)"):
        dists(features(), features(), ALPHA[::-1], BETA)
