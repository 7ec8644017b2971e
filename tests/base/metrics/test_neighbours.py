import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx
from sklearn.neighbors import NearestNeighbors

from img2img.base.metrics import tiles
from img2img.base.metrics.neighbours import nearest, radii, within
from img2img.base.metrics.tiles import squared_distances


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def sorted_distances(a, b, itself=False):
    distances = np.sqrt(((a[:, None] - b) ** 2).sum(2))
    if itself:
        np.fill_diagonal(distances, np.inf)
    return np.sort(distances)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(8, 40), st.integers(1, 7))
def test_they_are_the_kth_order_statistics_of_all_distances(seed, n, m, k):
    a, b = draw(n, 3, seed), draw(m, 3, seed + 1)
    found = nearest(a, b, k)
    assert found.distances == approx(sorted_distances(a, b)[:, :k], rel=1e-13)
    assert np.linalg.norm(a[:, None] - b[found.indices], axis=2) == approx(found.distances)
    alone = nearest(b, b, k, itself=True)
    assert alone.distances == approx(sorted_distances(b, b, itself=True)[:, :k], rel=1e-13)
    assert (alone.indices != np.arange(m)[:, None]).all()


def test_many_small_tiles_find_what_one_does(monkeypatch):
    a, b = draw(100, 5), draw(90, 5, 1)
    whole = nearest(a, b, 4), nearest(a, a, 4, itself=True)
    monkeypatch.setattr(tiles, "SIDE", 16)
    for one, many in zip(whole, (nearest(a, b, 4), nearest(a, a, 4, itself=True)), strict=True):
        assert (one.indices == many.indices).all()
        assert (one.distances == many.distances).all()


def test_they_are_those_of_sklearn():
    a, b = draw(200, 20), draw(300, 20, 1)
    distances, indices = NearestNeighbors(n_neighbors=5, algorithm="brute").fit(b).kneighbors(a)
    found = nearest(a, b, 5)
    assert found.distances == approx(distances, rel=1e-10)
    assert (found.indices == indices).all()


def test_copies_are_0_apart_and_the_first_of_equally_near_rows_comes_first():
    rows = np.repeat(draw(4, 50) * 1000 + 1e5, 2, axis=0).astype(np.float32)
    assert (radii(rows, 1) == 0).all()
    assert nearest(rows, rows).indices[:, 0].tolist() == [0, 0, 2, 2, 4, 4, 6, 6]
    line = np.arange(5.0)[:, None]
    assert nearest(line, line, 2, itself=True).indices[2].tolist() == [1, 3]


def test_the_kth_radius_is_the_kth_other_row():
    line = np.array([[0.0], [1.0], [3.0], [7.0]])
    assert radii(line, 1).tolist() == [1, 1, 2, 4]
    assert radii(line, 3).tolist() == [7, 6, 4, 7]


def test_a_ball_holds_its_surface_if_it_is_closed():
    rows = draw(60, 30) / 3 + 5
    reach = radii(rows, 3)
    (tile,) = squared_distances(rows)
    closed = within(tile, rows, rows, reach, closed=True)
    opened = within(tile, rows, rows, reach, closed=False)
    assert (closed.sum(axis=0) == 4).all()  # itself and three others, exactly
    assert (opened.sum(axis=0) == 3).all()
    left = within(tile, rows, rows, reach[:, None], closed=True)
    assert (left == closed.T).all()


@pytest.mark.parametrize(("count", "k"), [(0, 1), (3, 4), (3, 0)])
def test_too_few_rows_are_one_sentence(count, k):
    with pytest.raises(ValueError, match=f"{count} pictures have no {k} nearest; give more"):
        nearest(draw(2, 3), draw(count, 3), k)
    with pytest.raises(ValueError, match="0 pictures have no 1 nearest"):
        radii(draw(1, 3), 1)


def test_no_queries_have_no_neighbours():
    found = nearest(draw(0, 3), draw(4, 3), 2)
    assert found.distances.shape == found.indices.shape == (0, 2)
