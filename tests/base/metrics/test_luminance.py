import numpy as np
from pytest import approx

from img2img.base.metrics.luminance import luminance


def test_gray_is_its_own_luminance_and_green_is_brighter_than_blue():
    assert luminance(np.full((2, 3, 3), 0.4)) == approx(0.4)
    assert luminance(np.full((2, 3, 1), 0.4)) == approx(0.4)
    assert luminance(np.eye(3)[None]) == approx(np.array([[0.299, 0.587, 0.114]]))


def test_of_other_numbers_of_channels_it_is_the_mean():
    picture = np.random.default_rng(0).random((4, 5, 6))
    assert luminance(picture) == approx(picture.mean(2))
