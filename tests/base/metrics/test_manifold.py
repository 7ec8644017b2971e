import numpy as np
import pytest
import torch
from prdc import compute_prdc
from pytest import approx
from torch_fidelity.metric_prc import prc_features_to_metric

from img2img.base.metrics.features import Features
from img2img.base.metrics.manifold import manifold


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def judge(fake, real, **options):
    return manifold(Features.of(fake), Features.of(real), **options)


@pytest.mark.parametrize(
    ("n", "m", "d", "k"), [(400, 300, 16, 3), (200, 250, 3, 5), (30, 20, 64, 1)]
)
def test_it_agrees_with_prdc_and_torch_fidelity(n, m, d, k):
    real, fake = draw(n, d), draw(m, d, 1) * 0.8 + 0.1
    found = judge(fake, real, k=k, k_density=k)
    oracle = compute_prdc(real, fake, k)
    assert {name: getattr(found, name) for name in oracle} == approx(oracle, abs=1e-9)
    kept = {"verbose": False, "save_cpu_ram": False, "prc_batch_size": 100}
    other = prc_features_to_metric(
        torch.tensor(fake), torch.tensor(real), prc_neighborhood=k, **kept
    )
    assert found.precision == approx(other["precision"], abs=1e-7)  # its means are of float32
    assert found.recall == approx(other["recall"], abs=1e-7)
    assert found.f1 == approx(other["f_score"], abs=1e-6)


def test_a_set_against_itself_is_all_there_and_no_denser():
    real = draw(300, 8)
    assert judge(real, real) == (1, 1, 1, 1, 1)
    assert judge(real.astype(np.float32), real.astype(np.float32)) == (1, 1, 1, 1, 1)


def test_sets_far_apart_share_nothing():
    assert judge(draw(50, 8) + 1e3, draw(50, 8, 1)) == (0, 0, 0, 0, 0)


def test_a_tight_cluster_within_the_reals_is_precise_and_recalls_little():
    found = judge(draw(300, 4) * 0.2, draw(300, 4, 1))
    assert found.precision > 0.8 and found.recall < 0.3
    spread = judge(draw(300, 4, 1), draw(300, 4) * 0.2)
    assert spread.precision < 0.3 and spread.recall > 0.8


def test_balls_by_hand():
    real, fake = [[0.0], [1.0], [3.0]], [[0.5], [5.0], [9.0]]
    # of k = 1, reals reach 1, 1, 2 and fakes 4.5, 4, 4: 5 lies on the surface of the ball of 3
    found = judge(fake, real, k=1, k_density=1)
    assert found == approx((2 / 3, 1, 0.8, 2 / 3, 2 / 3))
    turned = judge(real, fake, k=1, k_density=1)
    assert turned == approx((1, 2 / 3, 0.8, 4 / 3, 2 / 3))


@pytest.mark.parametrize(("k", "d"), [(3, 2), (5, 2), (3, 32), (5, 32)])
def test_equal_distributions_cover_1_less_the_kth_power_of_a_half(k, d):
    covered = [
        judge(draw(1000, d, seed), draw(1000, d, seed + 99), k=1, k_density=k).coverage
        for seed in range(3)
    ]
    assert np.mean(covered) == approx(1 - 2**-k, abs=0.015)


def test_fakes_of_equal_distributions_are_as_dense_on_average():
    # a fake is as likely as any real to be one of a real's k nearest of them all
    found = [judge(draw(200, 3, 2 * i), draw(300, 3, 2 * i + 1)).density for i in range(30)]
    assert np.mean(found) == approx(1, abs=0.03)


def test_the_example_of_prdc_at_a_tenth_of_its_pictures():
    real, fake = (draw(1000, 1000, seed).astype(np.float32) for seed in (0, 1))
    oracle = compute_prdc(real.astype(float), fake.astype(float), 5)
    found = judge(fake, real, k=5)
    assert {name: getattr(found, name) for name in oracle} == approx(oracle, abs=1e-9)
    assert found.coverage == approx(0.9735, abs=0.02)  # of its README, of other draws


@pytest.mark.parametrize(("fakes", "reals", "side", "k"), [(3, 9, "fake", 3), (9, 5, "real", 5)])
def test_too_few_pictures_for_balls_are_one_sentence(fakes, reals, side, k):
    few = min(fakes, reals)
    with pytest.raises(ValueError, match=f"{few} {side} pictures are too few for their {k} near"):
        judge(draw(fakes, 2), draw(reals, 2))
    assert judge(draw(4, 2), draw(6, 2)).precision >= 0
