from math import isnan, sqrt

import numpy as np
import pytest
import torch
from cleanfid.fid import kernel_distance
from pytest import approx
from torch_fidelity.metric_kid import kid_features_to_metric
from torchmetrics.image.kid import KernelInceptionDistance, poly_mmd

from img2img.base.metrics.features import Features
from img2img.base.metrics.kernels import kid, mmd_rbf

MU = np.array([0.5, -0.3, 0.2, 0])


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def distance(fake, real, **options):
    return kid(Features.of(fake), Features.of(real), **options)


def rbf(fake, real, **options):
    return mmd_rbf(Features.of(fake), Features.of(real), **options)


@pytest.mark.filterwarnings("ignore:Metric `Kernel Inception Distance` will save")
@pytest.mark.parametrize(("count", "d"), [(50, 8), (40, 200)])
def test_all_pairs_are_one_full_subset_of_the_libraries(count, d):
    fake, real = draw(count, d) * 1.2 + 0.1, draw(count, d, 1)
    a, b = torch.tensor(fake), torch.tensor(real)
    options = {"kid_subsets": 1, "kid_subset_size": count, "verbose": False}
    same = torch.nn.Identity()
    same.num_features = d  # torchmetrics would ask it for a picture's features otherwise
    metric = KernelInceptionDistance(same, subsets=1, subset_size=count).set_dtype(a.dtype)
    metric.update(a, real=False)
    metric.update(b, real=True)
    values = (
        kid_features_to_metric(a, b, **options)["kernel_inception_distance_mean"],
        kernel_distance(fake, real, num_subsets=1, max_subset_size=count),
        poly_mmd(b, a).item(),
        metric.compute()[0].item(),
    )
    value = distance(fake, real).value
    assert values == approx([value] * 4, abs=1e-9)
    one = distance(fake, real, subsets=1, size=count)
    assert one == approx((value, 0), abs=1e-12)


def test_subsets_are_drawn_by_the_seed_and_their_mean_is_that_of_all_pairs():
    fake, real = draw(60, 4) + MU, draw(80, 4, 1)
    options = {"subsets": 400, "size": 20}
    many = distance(fake, real, **options)
    assert many == distance(fake, real, **options)
    assert many != distance(fake, real, **options, seed=1)
    assert many.value == approx(distance(fake, real).value, abs=4 * many.error / 20)


def test_the_mean_over_all_subsets_is_all_pairs_value():
    fake, real = draw(5, 2), draw(4, 2, 1)
    values = [
        distance(np.delete(fake, i, 0), np.delete(real, j, 0)).value
        for i in range(5)
        for j in range(4)
    ]
    assert np.mean(values) == approx(distance(fake, real).value, abs=1e-12)


@pytest.mark.parametrize(
    ("shift", "scale", "expected"), [(MU, 1, 0.433344875), (0, 2, 6.75), (0, 1, 0)]
)
def test_gaussians_are_as_far_apart_as_their_moments_say(shift, scale, expected):
    found = [
        distance(draw(1000, 4, 2 * i) * scale + shift, draw(1000, 4, 2 * i + 1)) for i in range(30)
    ]
    values, errors = (np.array(each) for each in zip(*found, strict=True))
    assert values.mean() == approx(expected, abs=4 * values.std() / sqrt(30))
    assert values.std() / sqrt(30) < max(0.01 * expected, 0.015)
    # true of sets that differ, and too large by the root of 2 of those that do not
    assert np.sqrt((errors**2).mean()) == approx(
        values.std() * (1 if expected else sqrt(2)), rel=0.4
    )


def test_two_points_by_hand():
    found = distance([[0.0], [1.0]], [[2.0], [3.0]])
    # k(0, 1) = 1, k(2, 3) = 7^3; across 1, 1, 3^3 and 4^3
    assert found.value == approx(1 + 343 - 2 * (1 + 1 + 27 + 64) / 4, rel=1e-12)
    assert isnan(found.error)


def test_a_set_against_itself_falls_below_0():
    assert distance(draw(30, 4), draw(30, 4)).value < 0
    assert rbf(draw(30, 4), draw(30, 4)) < 0


def test_rbf_of_gaussians_on_a_line_has_a_closed_form():
    found = [
        rbf(draw(1000, 1, 2 * i) + 1, draw(1000, 1, 2 * i + 1), bandwidth=1) for i in range(20)
    ]
    assert np.mean(found) == approx(0.17726763, abs=0.01)


def test_rbf_by_hand_and_as_torch_fidelity():
    fake, real = draw(20, 3), draw(20, 3, 1) + 1
    options = {"kid_subsets": 1, "kid_subset_size": 20, "verbose": False}
    options |= {"kid_kernel": "rbf", "kid_kernel_rbf_sigma": 1.5}
    oracle = kid_features_to_metric(torch.tensor(fake), torch.tensor(real), **options)
    value = rbf(fake, real, bandwidth=1.5)
    assert value == approx(oracle["kernel_inception_distance_mean"], abs=1e-9)
    a, b = np.exp(-0.5), np.exp(-2)
    assert rbf([[0.0], [1.0]], [[2.0], [2.0]], bandwidth=1) == approx(a + 1 - (a + b))


def test_the_bandwidth_is_the_median_distance_of_unequal_reals():
    fake, real = draw(20, 3), np.concatenate([draw(9, 3, 1) + 1] * 2)
    squares = ((real[:, None] - real) ** 2).sum(2)[np.triu_indices(18, 1)]
    width = np.sqrt(np.median(squares[squares > 0]))
    assert rbf(fake, real) == approx(rbf(fake, real, bandwidth=width), rel=1e-9)
    assert rbf(fake * 7, real * 7) == approx(rbf(fake, real), rel=1e-9)
    assert rbf(draw(600, 2), draw(700, 2) + 1) == rbf(draw(600, 2), draw(700, 2) + 1)
    assert rbf(np.ones((3, 2)), np.ones((4, 2))) == 0


def test_what_has_no_distance_is_one_sentence():
    with pytest.raises(ValueError, match="1 fake pictures are too few; give 2 or more"):
        distance(draw(1, 2), draw(3, 2))
    with pytest.raises(ValueError, match="1 real pictures are too few; give 2 or more"):
        rbf(draw(3, 2), draw(1, 2))
    with pytest.raises(ValueError, match="100 subsets of 1000 of 3 fake and 4 real pictures cann"):
        distance(draw(3, 2), draw(4, 2), subsets=100)
    with pytest.raises(ValueError, match="a bandwidth of 0; give one above 0"):
        rbf(draw(3, 2), draw(3, 2), bandwidth=0)
