from collections import Counter
from math import pi, sqrt

import numpy as np
import pytest
from numpy.testing import assert_allclose
from pytest import approx
from scipy.special import j1

from img2img.data import blur
from img2img.data.blur import (  # fmt: skip
    BELLS,
    SIZES,
    bessel,
    distances,
    drawn,
    drawn_sinc,
    gaussian,
    plateau,
    sinc,
)


def draws(count, sigma=(0.2, 3.0)):
    rng = np.random.default_rng(0)
    return [drawn(rng, sigma) for _ in range(count)]


def test_every_kernel_keeps_brightness_and_place():
    rng = np.random.default_rng(1)
    for kernel in draws(300) + [drawn_sinc(rng) for _ in range(50)]:
        assert kernel.dtype == np.float32 and kernel.shape[0] == kernel.shape[1]
        assert kernel.sum() == approx(1, abs=1e-5)
        assert_allclose(kernel, kernel[::-1, ::-1], atol=1e-7)


def test_sizes_are_the_odd_ones_from_7_to_21_alike():
    counts = Counter(len(kernel) for kernel in draws(2000))
    assert sorted(counts) == [7, 9, 11, 13, 15, 17, 19, 21] == list(SIZES)
    assert all(count == approx(250, abs=60) for count in counts.values())


def test_a_sinc_and_each_bell_are_drawn_as_often_as_the_table_says(monkeypatch):
    seen = Counter()

    def counting(name):
        def form(squared, beta):
            rows, columns = squared[0], squared[:, 0]
            shape = "sharp" if beta == 1 else "wide" if beta < 1 else "flat"
            seen[name, np.allclose(rows, columns), shape] += 1
            return np.zeros_like(squared)

        return form

    forms = {gaussian: counting("gaussian"), plateau: counting("plateau")}
    monkeypatch.setattr(blur, "BELLS", [bell._replace(form=forms[bell.form]) for bell in BELLS])
    monkeypatch.setattr(blur, "sinc", lambda size, cutoff: seen.update(["sinc"]))
    monkeypatch.setattr(blur, "SIZES", [7])
    count = 6000
    draws(count)
    bells = 0.9
    for key, share in {
        "sinc": 0.1,
        ("gaussian", True, "sharp"): 0.45 * bells,
        ("gaussian", False, "sharp"): 0.25 * bells,
        ("gaussian", True, "wide"): 0.06 * bells,
        ("gaussian", True, "flat"): 0.06 * bells,
        ("gaussian", False, "wide"): 0.015 * bells,
        ("plateau", True, "sharp"): 0.06 * bells,
        ("plateau", True, "flat"): 0.06 * bells,
        ("plateau", False, "flat"): 0.015 * bells,
    }.items():
        assert seen[key] / count == approx(share, abs=4 * sqrt(share / count)), key
    assert not seen["plateau", True, "wide"]


def spread(kernel):
    """The covariance of a kernel's places."""
    axis = np.arange(len(kernel)) - len(kernel) // 2
    places = np.stack(np.meshgrid(axis, axis)).reshape(2, -1)
    return places * kernel.reshape(-1).astype(np.float64) @ places.T


def test_a_normal_bell_has_its_sigmas_along_its_turned_axes():
    assert_allclose(spread(gaussian(distances(21, 2, 2, 0), 1)), np.diag([4, 4]), atol=1e-3)
    covariance = spread(gaussian(distances(21, 2.5, 1, pi / 6), 1))
    values, axes = np.linalg.eigh(covariance)
    assert_allclose(values, [1, 6.25], rtol=2e-3)
    assert abs(axes[:, 1] @ [np.cos(pi / 6), np.sin(pi / 6)]) == approx(1, abs=1e-4)


def test_round_bells_have_all_symmetries_and_no_negative_weight():
    for form in (gaussian, plateau):
        for beta in (0.5, 1, 3):
            kernel = form(distances(11, 1.5, 1.5, 0), beta)
            assert_allclose(kernel, kernel.T, atol=1e-8)
            assert_allclose(kernel, kernel[::-1], atol=1e-8)
            assert kernel.min() >= 0 and kernel.argmax() == 60


def test_a_larger_beta_has_a_flatter_top_and_steeper_sides():
    for form in (gaussian, plateau):
        soft, steep = (form(distances(21, 3, 3, 0), beta) for beta in (1, 4))
        assert soft[10, 12] / soft[10, 10] < 0.9 < 0.95 < steep[10, 12] / steep[10, 10]
        assert steep[10, 16] / steep[10, 10] < soft[10, 16] / soft[10, 10]


def test_bessel_is_scipys():
    x = np.linspace(0, 60, 999)
    assert_allclose(bessel(x), j1(x), atol=1e-12)


def test_a_sinc_lets_low_frequencies_pass_and_high_ones_not():
    for cutoff in (pi / 3, pi / 2):
        kernel = sinc(21, cutoff).astype(np.float64)
        axis = np.arange(21) - 10

        def gain(frequency, kernel=kernel, axis=axis):
            return (kernel.sum(0) * np.cos(frequency * axis)).sum()

        assert gain(0) == approx(1, abs=1e-6)
        assert gain(cutoff / 2) == approx(1, abs=0.15)
        assert abs(gain(min(pi, 1.8 * cutoff))) < 0.1
        assert kernel.min() < 0  # it rings


@pytest.mark.parametrize("size", SIZES)
def test_the_cutoff_lies_within_its_range_for_its_size(monkeypatch, size):
    cutoffs = {"drawn": [], "last": []}
    rng = np.random.default_rng(0)
    monkeypatch.setattr(blur, "SIZES", [size])
    monkeypatch.setattr(blur, "SINC", 1.0)
    for name, draw in (("drawn", lambda: drawn(rng, (1, 2))), ("last", lambda: drawn_sinc(rng))):
        monkeypatch.setattr(blur, "sinc", lambda _, w, name=name: cutoffs[name].append(w))
        for _ in range(300):
            draw()
    least = pi / 5 if size >= 13 else pi / 3
    for low, found in ((least, cutoffs["drawn"]), (pi / 3, cutoffs["last"])):
        assert low <= min(found) < low + 0.1 and pi - 0.1 < max(found) <= pi
