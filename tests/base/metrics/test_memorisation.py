import numpy as np
import pytest
from pytest import approx
from sklearn.neighbors import NearestNeighbors

from img2img.base.metrics.features import Features
from img2img.base.metrics.memorisation import memorisation


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def of(*sets, **options):
    return memorisation(*(Features.of(rows) for rows in sets), **options)


def test_each_fakes_nearest_training_picture_is_that_of_sklearn():
    fake, train, test = draw(40, 5), draw(60, 5, 1), draw(30, 5, 2)
    tree = NearestNeighbors(n_neighbors=1).fit(train)
    distances, indices = tree.kneighbors(fake)
    found = of(fake, train, test)
    assert (found.indices == indices[:, 0]).all()
    assert found.distance == approx(distances[:, 0])
    assert found.ratio == approx(distances.mean() / tree.kneighbors(test)[0].mean())
    own = tree.kneighbors()[0][:, 0]
    assert of(fake, train).ratio == approx(distances.mean() / own.mean())
    assert found.share == (distances[:, 0] <= own[indices[:, 0]] / 3).mean()


def test_copies_are_found_and_numbered():
    train = draw(50, 8)
    copied = of(train[[7, 3]] + 1e-6, train)
    assert copied.indices.tolist() == [7, 3]
    assert copied.share == 1 and copied.ratio < 1e-5
    mixed = of(np.concatenate([train[:10], draw(30, 8, 1)]), train)
    assert mixed.share == 0.25
    assert of(train[[7]], np.concatenate([train, train])).share == 1  # though it has a twin


def test_fresh_pictures_are_no_copies():
    found = [of(draw(100, 8, i), draw(101, 8, i + 50), draw(100, 8, i + 99)) for i in range(10)]
    assert np.mean([each.ratio for each in found]) == approx(1, abs=0.02)
    assert np.mean([each.share for each in found]) < 0.01


def test_the_factor_decides_what_a_copy_is():
    train, fake = [[0.0], [10.0]], [[2.0], [5.0]]
    shares = [of(fake, train, factor=factor).share for factor in (0.1, 0.2, 0.5)]
    assert shares == [0, 0.5, 1]
    assert of([[-0.3], [70.0]], [[0.0], [1.0], [100.0]]).share == 1  # each by its own neighbour


def test_too_few_pictures_are_one_sentence():
    with pytest.raises(ValueError, match="1 training picture has no neighbour; give two or more"):
        of(draw(3, 2), draw(1, 2))
    with pytest.raises(ValueError, match="0 fake pictures are too few"):
        memorisation(Features(), Features.of(draw(3, 2)))
    with pytest.raises(ValueError, match="features of 3 and 2 dimensions"):
        of(draw(3, 2), draw(4, 2), draw(3, 3))
