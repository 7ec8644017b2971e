import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx
from skimage.color import deltaE_ciede2000, rgb2lab

from img2img.base.metrics.ciede2000 import ciede2000, difference

# table 1 of Sharma, Wu and Dalal 2005: L, a, b of both, and their difference
PAIRS = """
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615
50 2.8361 -74.0200 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1.0000
50 -1.1848 -84.8006 50 0 -82.7485 1.0000
50 -0.9009 -85.5211 50 0 -82.7485 1.0000
50 0 0 50 -1 2 2.3669
50 -1 2 50 0 0 2.3669
50 2.4900 -0.0010 50 -2.4900 0.0009 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0010 7.1792
50 2.4900 -0.0010 50 -2.4900 0.0011 7.2195
50 2.4900 -0.0010 50 -2.4900 0.0012 7.2195
50 -0.0010 2.4900 50 0.0009 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0010 -2.4900 4.8045
50 -0.0010 2.4900 50 0.0011 -2.4900 4.7461
50 2.5 0 50 0 -2.5 4.3065
50 2.5 0 73 25 -18 27.1492
50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030
50 2.5 0 58 24 15 19.4535
50 2.5 0 50 3.1736 0.5854 1.0000
50 2.5 0 50 3.2972 0 1.0000
50 2.5 0 50 1.8634 0.5757 1.0000
50 2.5 0 50 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""


def test_published_pairs_have_the_published_differences():
    table = np.array([line.split() for line in PAIRS.split("\n")[1:-1]], float)
    one, other, expected = table[:, :3], table[:, 3:6], table[:, 6]
    assert len(table) == 34
    assert difference(one, other) == approx(expected, abs=5e-5)
    assert difference(other, one) == approx(expected, abs=5e-5)


@given(st.integers(0, 2**32 - 1))
def test_it_is_scikit_images(seed):
    fake, real = np.random.default_rng(seed).integers(0, 256, (2, 6, 7, 3)) / 255
    fake[0], real[:, 0] = real[0], 0.5  # equal ones and grays
    fake[1, :3] = real[1, :3] / 9
    expected = deltaE_ciede2000(rgb2lab(fake), rgb2lab(real))
    assert ciede2000(fake, real) == approx(expected.mean(), abs=1e-6)
    mask = np.random.default_rng(seed).random((6, 7)) < 0.5
    mask[0, 0] = True
    fake[~mask] = np.nan
    assert ciede2000(fake, real, mask) == approx(expected[mask].mean(), abs=1e-6)


def test_black_is_100_from_white_and_equal_pictures_0_apart():
    black, white = np.zeros((2, 3, 3)), np.ones((2, 3, 3))
    assert ciede2000(black, white) == approx(100, abs=1e-3)
    assert ciede2000(white, white) == 0
    assert np.isnan(ciede2000(black, white, np.zeros((2, 3), bool)))


def test_what_has_no_colours_is_one_sentence():
    gray = np.zeros((2, 3, 1))
    with pytest.raises(
        ValueError, match="colours of RGB, not of 1 channels; leave it out, or choo"
    ):
        ciede2000(gray, gray)
