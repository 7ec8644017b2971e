import numpy as np
import pytest
from pytest import approx

from img2img.base.metrics import tiles
from img2img.base.metrics.tiles import blocks, products, squared_distances, squared_lengths


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


@pytest.fixture(params=[1, 7, 2048])
def side(request, monkeypatch):
    monkeypatch.setattr(tiles, "SIDE", request.param)
    monkeypatch.setattr(
        tiles, "blocks", lambda rows: (slice(i, min(i + request.param, len(rows)))
                                       for i in range(0, len(rows), request.param))
    )  # fmt: skip


def whole(found, shape):
    """The tiles in one matrix; nan where there is none."""
    matrix = np.full(shape, np.nan)
    for left, right, values, _ in found:
        matrix[left, right] = values
    return matrix


def test_tiles_cover_all_pairs(side):
    a, b = draw(20, 3), draw(9, 3, 1)
    assert whole(products(a, b), (20, 9)) == approx(a @ b.T, abs=1e-12)
    expected = ((a[:, None] - b) ** 2).sum(2)
    assert whole(squared_distances(a, b), (20, 9)) == approx(expected, abs=1e-12)


def test_tiles_of_one_set_cover_each_pair_once_or_in_a_tile_on_the_diagonal(side):
    a = draw(20, 3)
    matrix = whole(products(a), (20, 20))
    assert np.where(np.isnan(matrix), matrix.T, matrix) == approx(a @ a.T, abs=1e-12)
    assert not np.isnan(matrix[np.triu_indices(20)]).any()
    for left, right, values, _ in squared_distances(a):
        assert left.start <= right.start
        assert values == approx(((a[left, None] - a[right]) ** 2).sum(2), abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_rounding_is_less_than_said_however_far_the_rows_are(dtype):
    a = (draw(60, 500) + 1000).astype(dtype)
    b = (draw(50, 500, 1) * 100).astype(dtype)
    exact = ((a[:, None].astype(np.longdouble) - b) ** 2).sum(2)
    for _, _, values, rounding in squared_distances(a, b):
        error = np.abs(values - exact).max()
        assert error < rounding < 1e-10 * exact.max()


def test_blocks_cover_rows_of_any_width_in_bounded_memory():
    for count, width in ((0, 3), (1, 1), (5000, 3), (5000, 2048), (100, 200_000)):
        rows = np.broadcast_to(np.float32(0), (count, width))
        found = list(blocks(rows))
        assert [i for block in found for i in range(count)[block]] == list(range(count))
        assert all(block.stop - block.start <= tiles.SIDE for block in found)
        assert all((block.stop - block.start) * width <= tiles.ELEMENTS for block in found)


def test_lengths_are_of_each_row_about_the_centre():
    rows = draw(5, 4)
    assert squared_lengths(rows, rows[0]) == approx(((rows - rows[0]) ** 2).sum(1))
    assert not squared_lengths(rows[:0]).size
