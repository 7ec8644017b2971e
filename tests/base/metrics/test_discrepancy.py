from math import isnan, sqrt

import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics import tiles
from img2img.base.metrics.discrepancy import jackknife, kernel_sums, unbiased
from img2img.base.metrics.tiles import products


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def value(fake, real):
    return unbiased(kernel_sums(products, fake, real))


def test_the_kernel_of_products_is_the_square_of_the_means_distance_unbiased():
    fake, real = draw(9, 3) + 1, draw(7, 3, 1)
    bias = fake.var(0, ddof=1).sum() / 9 + real.var(0, ddof=1).sum() / 7
    gap = fake.mean(0) - real.mean(0)
    assert value(fake, real) == approx(gap @ gap - bias, rel=1e-12)


@pytest.mark.parametrize("side", [16, 2048])
def test_every_row_sums_its_own_pairs(monkeypatch, side):
    monkeypatch.setattr(tiles, "SIDE", side)
    fake, real = draw(40, 3), draw(50, 3, 1)
    own, cross = fake @ fake.T, fake @ real.T
    sums = kernel_sums(products, fake, real)
    assert sums.fake == approx(own.sum(1) - np.diag(own), abs=1e-12)
    assert sums.fake_cross == approx(cross.sum(1), abs=1e-12)
    assert sums.real_cross == approx(cross.sum(0), abs=1e-12)


def test_the_jackknife_leaves_out_one_row_after_another():
    fake, real = draw(6, 3) + 1, draw(8, 3, 1)
    fakes = [value(np.delete(fake, i, 0), real) for i in range(6)]
    reals = [value(fake, np.delete(real, i, 0)) for i in range(8)]
    expected = sqrt(5 * np.var(fakes) + 7 * np.var(reals))
    assert jackknife(kernel_sums(products, fake, real)) == approx(expected, rel=1e-10)
    assert isnan(jackknife(kernel_sums(products, fake[:2], real)))
