from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics.spectrum import Spectrum, spectrum_distance, spectrum_slope


def noise(size, power=0.0, seed=0, spread=0.1):
    """A gray picture of waves of amplitude 1 / f^power, at random."""
    height, width = size
    white = np.fft.fft2(np.random.default_rng(seed).standard_normal(size))
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width))
    radius[0, 0] = np.inf if power else 1
    values = np.fft.ifft2(white / radius**power).real
    return (0.5 + values * spread / values.std())[..., None]


@pytest.mark.parametrize("power", [0, 0.5, 1, 1.5])
def test_the_slope_of_amplitudes_1_over_f_to_the_a_is_minus_2_a(power):
    pictures = Spectrum.of(noise((256, 256), power, seed) for seed in range(8))
    assert spectrum_slope(pictures) == approx(-2 * power, abs=0.03)


def test_the_slope_does_not_depend_on_the_sizes():
    sizes = [(128, 192), (200, 131), (256, 256)] * 4
    pictures = [noise(size, 1, seed) for seed, size in enumerate(sizes)]
    assert spectrum_slope(Spectrum.of(pictures)) == approx(-2, abs=0.04)


@settings(max_examples=10)
@given(st.integers(16, 50), st.integers(16, 50), st.integers(0, 99))
def test_the_powers_add_up_to_the_windowed_variance(height, width, seed):
    picture = np.random.default_rng(seed).random((height, width, 1))
    rows, columns = (
        np.sin(np.pi * (np.arange(side) + 0.5) / side) ** 2 for side in (height, width)
    )
    window = np.outer(rows, columns)
    plane = picture[..., 0]
    mean = np.average(plane, weights=window)
    variance = np.average((plane - mean) ** 2, weights=window**2)
    state = Spectrum.of([picture])
    assert state.powers.sum() == approx(variance, rel=1e-12)
    assert state.shares.sum() == approx(1)


def test_white_noise_has_its_variance_in_every_bin_whatever_its_size():
    for size in ((64, 64), (300, 200)):
        pictures = Spectrum.of(noise(size, seed=seed, spread=0.2) for seed in range(20))
        held = pictures.shares > 0
        assert np.average(pictures.density[held], weights=pictures.shares[held]) == approx(
            0.04, rel=0.02
        )
        assert np.median(pictures.density[held]) == approx(0.04, rel=0.05)


def test_a_wave_stands_at_its_frequency():
    at = np.arange(128)
    curve = Spectrum.of([(0.5 + 0.4 * np.sin(2 * np.pi * at * 32.5 / 128))[None, :, None]
                         * np.ones((128, 1, 1))]).curve  # fmt: skip
    assert curve.frequencies[curve.decibels.argmax()] == 32.5 / 128
    assert curve.decibels.max() > 40 + np.median(curve.decibels)


def test_chess_of_single_pixels_stands_in_the_last_bin():
    chess = np.indices((64, 64)).sum(0)[..., None] % 2.0
    curve = Spectrum.of([chess]).curve
    assert curve.decibels.argmax() == len(curve.decibels) - 1
    assert curve.frequencies[-1] == 90.5 / 128


def test_a_set_of_twice_the_contrast_is_6_decibel_away_and_itself_0():
    sets = [
        Spectrum.of(noise((64, 80), 1, seed, spread) for seed in range(3)) for spread in (0.1, 0.2)
    ]
    assert spectrum_distance(*sets) == approx(20 * np.log10(2), rel=1e-9)
    assert spectrum_distance(sets[0], sets[0]) == 0
    assert spectrum_slope(sets[0]) == approx(spectrum_slope(sets[1]), rel=1e-9)


@settings(max_examples=10)
@given(st.permutations(range(6)), st.integers(0, 6))
def test_neither_order_nor_batches_change_anything(order, cut):
    pictures = [noise((20 + 7 * k, 40 - 3 * k), 1, k) for k in range(6)]
    whole = Spectrum.of(pictures)
    turned = [pictures[k] for k in order]
    parts = Spectrum.of(turned[:cut]) + Spectrum.of(turned[cut:])
    assert parts.count == whole.count == 6
    assert parts.density == approx(whole.density, rel=1e-10, nan_ok=True)
    assert spectrum_slope(parts) == approx(spectrum_slope(whole), abs=1e-10)


def test_colours_count_as_their_luminance():
    gray = noise((32, 32))
    colours = Spectrum.of([gray * np.ones(3)])
    assert colours.density == approx(Spectrum.of([gray]).density, rel=1e-9, nan_ok=True)


def test_a_flat_picture_lies_at_the_floor():
    flat = Spectrum.of([np.full((32, 32, 3), 0.3)])
    assert (flat.curve.decibels == -120).all()
    assert spectrum_distance(flat, flat) == 0
    assert spectrum_slope(flat) == approx(0, abs=1e-9)


def test_pictures_that_are_small_or_hold_nan_are_left_out_and_of_none_all_is_nan():
    hole = noise((32, 32))
    hole[3, 4] = np.nan
    none = Spectrum.of([hole, noise((15, 40))])
    assert none.count == Spectrum.of([]).count == 0
    assert isnan(spectrum_slope(none))
    assert isnan(spectrum_distance(none, Spectrum.of([noise((32, 32))])))
