import numpy as np
import pytest
from handmade import noise
from hypothesis import given
from hypothesis import strategies as st

from img2img.formats.alpha import filled, over_white, unmixed

DTYPES = (np.uint8, np.uint16, np.float32)


def white(dtype):
    return 1 if dtype == np.float32 else np.iinfo(dtype).max


@pytest.mark.parametrize("dtype", DTYPES)
def test_over_white_is_the_rounded_mean(dtype):
    picture, alpha = (np.abs(noise(64, 64, c, dtype=dtype)) for c in (3, 1))
    if dtype == np.float32:
        alpha %= 1
    share = alpha / white(dtype)
    exact = picture.astype(np.longdouble) * share + white(dtype) * (1 - share.astype(np.longdouble))
    assert over_white(picture, alpha).dtype == dtype
    step = 1e-6 if dtype == np.float32 else 0.5000001
    assert np.abs(over_white(picture, alpha) - exact).max() <= step


@pytest.mark.parametrize("dtype", DTYPES)
def test_full_alpha_changes_nothing_and_none_is_white(dtype):
    picture = noise(5, 6, 4, dtype=dtype)
    full = np.full((5, 6, 1), white(dtype), dtype)
    assert np.array_equal(over_white(picture, full), picture)
    assert (over_white(picture, full * 0) == white(dtype)).all()
    assert (over_white(picture * np.float32(np.nan), full * np.float32(0)) == 1).all()


@pytest.mark.parametrize("dtype", DTYPES)
def test_unmixing_undoes_mixing_with_black(dtype):
    colours = np.abs(noise(8, 8, 3, dtype=dtype))
    alpha = np.full((8, 8, 1), white(dtype) * 0.8 + 0.5, dtype)
    mixed = colours.astype(np.float64) * (alpha / white(dtype))
    mixed = mixed.astype(dtype) if dtype == np.float32 else np.rint(mixed).astype(dtype)
    step = 1e-5 if dtype == np.float32 else 1
    assert np.abs(unmixed(mixed, alpha).astype(float) - colours).max() <= step
    assert not unmixed(mixed, alpha * 0).any()


@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**32 - 1), st.sampled_from(DTYPES))
def test_the_fill_knows_nothing_of_what_is_hidden(height, width, seed, dtype):
    rng = np.random.default_rng(seed)
    alpha = (rng.random((height, width, 1)) < rng.random()).astype(dtype) * dtype(white(dtype))
    one, other = (np.abs(noise(height, width, 3, dtype=dtype)) for _ in range(2))
    if dtype == np.float32:
        other[0, 0] = np.nan
    other = np.where(alpha > 0, one, other)
    shown = filled(one, alpha)
    assert np.array_equal(shown, filled(other, alpha))
    assert shown.dtype == dtype
    assert np.array_equal(np.where(alpha > 0, shown, 0), np.where(alpha > 0, one, 0))
    if alpha.any():
        seen = one[alpha[..., 0] > 0]
        slack = 1e-5 if dtype == np.float32 else 0
        assert (shown >= seen.min(axis=0) - slack).all()
        assert (shown <= seen.max(axis=0) + slack).all()
    else:
        assert (shown == white(dtype)).all()


def test_the_fill_has_no_hard_edge():
    alpha = np.zeros((64, 64, 1), np.uint8)
    alpha[:, :8] = alpha[:, -8:] = 255
    picture = np.zeros((64, 64, 1), np.uint8)
    picture[:, 32:] = 200
    steps = np.abs(np.diff(filled(picture, alpha)[..., 0].astype(int), axis=1))
    assert steps.max() < 30  # of 200 in one step, were the halves to meet
    assert filled(picture, alpha)[:, 8].max() < 20


def test_values_that_are_no_numbers_do_not_spread():
    picture = np.ones((4, 8, 1), np.float32)
    picture[0, 0] = np.nan
    alpha = np.ones((4, 8, 1), np.float32)
    alpha[:, 4:] = 0
    assert np.isnan(filled(picture, alpha)).sum() == 1
