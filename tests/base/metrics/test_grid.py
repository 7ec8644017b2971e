from math import isnan

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.checkerboard import checkerboard
from img2img.base.metrics.grid import Grid, checkerboard_energy

SIZES = [(32, 40), (50, 33), (64, 64), (36, 70)]


def draw(size, seed=0):
    return np.random.default_rng(seed).random((*size, 3))


def chess(height, width):
    return (np.indices((height, width)).sum(0)[..., None] % 2 - 0.5) * 0.05  # [-1, 1]: 0.05 RMS


def test_of_pictures_of_one_size_it_is_the_checkerboard_of_tensors():
    fakes, reals = ([draw((40, 48), k) + k % 2 * chess(40, 48) for k in ks]
                    for ks in ((1, 3, 5), (0, 2)))  # fmt: skip
    tensors = (torch.from_numpy(np.stack(each) * 2 - 1).movedim(3, 1) for each in (fakes, reals))
    expected = checkerboard(*tensors)
    assert expected > 0.01
    assert checkerboard_energy(Grid.of(fakes), Grid.of(reals)) == approx(expected, rel=1e-9)


def test_a_grid_is_found_in_pictures_of_any_sizes():
    grays = [np.full((*size, 1), 0.5) for size in SIZES]
    with_chess = Grid.of(x + chess(*x.shape[:2]) for x in grays)
    assert checkerboard_energy(with_chess, Grid.of(grays)) == approx(0.05, rel=1e-6)
    assert checkerboard_energy(Grid.of(grays), with_chess) == 0


@settings(max_examples=10)
@given(st.permutations(range(4)), st.integers(0, 4))
def test_neither_order_nor_batches_change_anything(order, cut):
    pictures = [draw(size, k) for k, size in enumerate(SIZES)]
    turned = [pictures[k] for k in order]
    parts = Grid.of(turned[:cut]) + Grid.of(turned[cut:])
    assert parts.count == 4
    assert parts.power == approx(Grid.of(pictures).power, rel=1e-10)


def test_small_pictures_and_those_with_nan_are_left_out_and_of_none_it_is_nan():
    hole = draw((40, 40))
    hole[0, 0] = np.nan
    none = Grid.of([draw((31, 64)), hole])
    assert none.count == 0
    for pair in ((none, Grid.of([draw((32, 32))])), (Grid.of([draw((32, 32))]), none)):
        assert isnan(checkerboard_energy(*pair))
