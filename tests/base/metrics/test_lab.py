import numpy as np
from pytest import approx
from skimage.color import rgb2lab

from img2img.base.metrics.lab import lab


def test_black_is_0_white_100_and_grays_have_no_colour():
    grays = lab(np.linspace(0, 1, 11)[:, None] * np.ones(3))
    assert grays[0] == approx(np.zeros(3), abs=1e-9)
    assert grays[-1, 0] == approx(100, abs=1e-9)
    assert np.abs(grays[:, 1:]).max() < 0.02  # the matrix's rounding
    assert (np.diff(grays[:, 0]) > 0).all()


def test_the_axes_point_to_red_and_yellow():
    red, green, blue, yellow = lab(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0]]))
    assert red[1] > 0 > green[1]
    assert yellow[2] > 0 > blue[2]


def test_it_agrees_with_scikit_image():
    colours = np.random.default_rng(0).random((50, 40, 3))
    colours[:10] *= 0.05  # the straight pieces near black
    assert lab(colours) == approx(rgb2lab(colours), abs=1e-6)


def test_values_beyond_the_range_are_clipped():
    assert lab([1.5, -0.2, 0.5]) == approx(lab([1, 0, 0.5]))
