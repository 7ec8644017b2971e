from math import inf, isnan

import numpy as np
import pytest
from pytest import approx
from scipy.stats import wilcoxon
from sklearn.neighbors import NearestNeighbors

from img2img.base.metrics.features import Features
from img2img.base.metrics.retrieval import retrieval


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def of(fake, real, **options):
    return retrieval(Features.of(fake), Features.of(real), **options)


@pytest.mark.parametrize("k", [1, 3])
def test_it_compares_the_distances_that_sklearn_finds(k):
    fake, real = draw(60, 5) + 0.3, draw(50, 5, 1)
    fakes = NearestNeighbors(n_neighbors=k).fit(fake).kneighbors(real)[0].mean(1)
    reals = NearestNeighbors(n_neighbors=k).fit(real).kneighbors()[0].mean(1)
    found = of(fake, real, k=k)
    assert found.fake == approx(fakes.mean()) and found.real == approx(reals.mean())
    assert found.ratio == approx(fakes.mean() / reals.mean())
    assert found.p_value == approx(wilcoxon(fakes, reals).pvalue)


def test_fakes_as_good_as_reals_are_as_near():
    found = [of(draw(199, 6, 2 * i), draw(200, 6, 2 * i + 1)) for i in range(20)]
    assert np.mean([each.ratio for each in found]) == approx(1, abs=0.02)
    assert 0.3 < np.mean([each.p_value for each in found]) < 0.7


def test_a_missed_mode_is_far_and_a_copy_near():
    real = np.concatenate([draw(50, 3), draw(50, 3) + 30])
    missed = of(draw(100, 3, 1), real)
    assert missed.ratio > 5 and missed.p_value < 1e-6
    assert of(real, real).ratio == 0


def test_distances_of_0_have_a_defined_answer():
    assert of(np.zeros((3, 2)), np.ones((3, 2))).ratio == inf
    same = of(np.ones((3, 2)), np.ones((3, 2)))
    assert isnan(same.ratio) and same.p_value == 1


def test_too_few_pictures_are_one_sentence():
    with pytest.raises(ValueError, match="0 fake pictures are too few; give 1 or more"):
        retrieval(Features(), Features.of(draw(3, 2)))
    with pytest.raises(ValueError, match="0 pictures have no 1 nearest"):
        of(draw(3, 2), draw(1, 2))
    with pytest.raises(ValueError, match="3 pictures have no 5 nearest"):
        of(draw(3, 2), draw(9, 2), k=5)
