import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from img2img.base.metrics.pictures import PAIRED
from img2img.base.metrics.span import Span, check_shapes, full

SEEDS = st.integers(0, 2**32 - 1)


def pair(seed, channels=3):
    """Two uint8 pictures, one the other with noise."""
    draw = np.random.default_rng(seed)
    real = draw.integers(0, 256, (18, 23, channels))
    return np.clip(real + draw.integers(-60, 61, real.shape), 0, 255).astype("u1"), real.astype(
        "u1"
    )


SMALL = PAIRED.keys() - {"ms-ssim"}  # which needs larger pictures
GRAY = SMALL - {"ciede2000"}  # which needs colours
FIRST = ("l1", "mse", "psnr", "ssim")


def figures(fake, real, span, mask=None, names=SMALL):
    return [PAIRED[name](span.unit(fake), span.unit(real), mask) for name in names]


def test_low_becomes_0_and_high_1_and_nothing_is_clipped():
    levels = np.array([[[-1.0], [1.0], [5.0]]], np.float32)
    assert Span(-1, 3).unit(levels).ravel().tolist() == [0, 0.5, 1.5]
    each = Span((0.0, 100.0), (10.0, 200.0)).unit(np.array([[[5, 150]]], np.uint8))
    assert each.ravel().tolist() == [0.5, 0.5]


def test_integers_have_the_range_of_their_depth_and_floats_none():
    assert (full("uint8"), full("uint16"), full("float32")) == ((0, 255), (0, 65535), None)


@given(SEEDS)
def test_8_bit_levels_give_what_whole_numbers_give(seed):
    fake, real = pair(seed)
    difference = fake.astype(int) - real
    l1, mse, psnr, ssim = figures(fake, real, Span(0, 255), names=FIRST)
    square = np.square(difference).mean()
    expected = np.abs(difference).mean() / 255, square / 255**2, 10 * np.log10(255**2 / square)
    assert_allclose([l1, mse, psnr], expected, rtol=1e-12)
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    oracle = structural_similarity(fake, real, data_range=255, channel_axis=-1, **options)
    assert abs(ssim - oracle) < 1e-9


@given(SEEDS)
def test_16_bit_copies_of_8_bit_pictures_have_the_same_figures(seed):
    fake, real = pair(seed)
    deep = [picture.astype(np.uint16) * np.uint16(257) for picture in (fake, real)]
    expected = figures(fake, real, Span(0, 255))
    assert_allclose(figures(*deep, Span(0, 65535)), expected, atol=1e-9, rtol=0)


@given(SEEDS, st.floats(-100, 100), st.floats(0.5, 1000))
def test_float_copies_have_the_same_figures_whatever_their_range(seed, low, width):
    fake, real = pair(seed)
    span = Span(low, low + width)
    floats = [low + picture.astype(np.float64) / 255 * width for picture in (fake, real)]
    assert_allclose(figures(*floats, span), figures(fake, real, Span(0, 255)), atol=1e-9, rtol=0)


@given(SEEDS)
def test_each_channel_may_have_a_range_of_its_own(seed):
    fake, real = pair(seed, 2)
    scale, shift = np.array([3.0, 0.1]), np.array([-7.0, 40.0])
    span = Span(tuple(shift), tuple(shift + 255 * scale))
    own = [picture * scale + shift for picture in (fake, real)]
    expected = figures(fake, real, Span(0, 255), names=GRAY)
    assert_allclose(figures(*own, span, names=GRAY), expected, atol=1e-9, rtol=0)


@pytest.mark.parametrize(("dtype", "peak"), [("uint16", 65535), ("uint16", 4095), ("float32", 1.7)])
def test_the_range_is_scikit_images_data_range(dtype, peak):
    draw = np.random.default_rng(0)
    a, b = (draw.random((20, 30, 5)) * peak for _ in "ab")
    b = (a * 0.8 + b * 0.2).astype(dtype)
    a = a.astype(dtype)
    psnr, ssim = figures(a, b, Span(0, peak), names=("psnr", "ssim"))
    # scikit-image keeps float32 in float32
    a, b = a.astype(np.float64), b.astype(np.float64)
    assert abs(psnr - peak_signal_noise_ratio(b, a, data_range=peak)) < 1e-9
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False}
    oracle = structural_similarity(a, b, data_range=peak, channel_axis=-1, **options)
    assert abs(ssim - oracle) < 1e-9


@given(SEEDS, st.sampled_from([0.0, 1e30, np.nan, np.inf, -np.inf]), st.floats(0.5, 0.99))
def test_hidden_pixels_have_no_influence(seed, hidden, share):
    fake, real = (picture.astype(np.float32) for picture in pair(seed))
    draw = np.random.default_rng(seed)
    mask = draw.random(real.shape[:2]) < share
    mask[:12, :13] = True  # somewhere a whole window is seen
    expected = figures(fake, real, Span(0, 255), mask)
    fake[~mask], real[~mask] = hidden, draw.random(3)
    assert_array_equal(figures(fake, real, Span(0, 255), mask), expected)


@given(SEEDS)
def test_a_mask_that_hides_nothing_changes_nothing(seed):
    fake, real = pair(seed)
    everywhere = np.ones(real.shape[:2], bool)
    found = figures(fake, real, Span(0, 255), everywhere)
    assert_allclose(found, figures(fake, real, Span(0, 255)), rtol=1e-12)


@given(SEEDS, st.integers(11, 18), st.integers(11, 23))
def test_a_rectangle_seen_has_the_figures_of_its_cut(seed, height, width):
    fake, real = pair(seed)
    mask = np.zeros(real.shape[:2], bool)
    mask[:height, -width:] = True
    cut = [picture[:height, -width:] for picture in (fake, real)]
    names = SMALL - {"edges"}  # a cut goes on beyond its border, a mask does not
    found = figures(fake, real, Span(0, 255), mask, names)
    assert_allclose(found, figures(*cut, Span(0, 255), names=names), rtol=1e-9)


def test_where_nothing_is_seen_there_is_no_figure():
    nowhere, narrow = np.zeros((2, 18, 23), bool)
    narrow[:, :10] = True
    assert np.isnan(figures(*pair(0), Span(0, 255), nowhere)).all()
    found = figures(*pair(0), Span(0, 255), narrow, FIRST)
    assert np.isnan(found).tolist() == [False] * 3 + [True]


def test_a_mask_is_true_or_false_at_each_pixel():
    picture = np.zeros((4, 5, 3))
    check_shapes(picture, picture, np.ones((4, 5), bool))
    for mask in (np.ones((5, 4), bool), np.ones((4, 5, 3), bool), np.ones((4, 5))):
        with pytest.raises(ValueError, match=r"the mask is .* not bool \(4, 5\)"):
            check_shapes(picture, picture, mask)
