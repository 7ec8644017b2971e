from math import isnan, log, pi, sqrt

import numpy as np
import pytest
from pytest import approx
from sklearn.neighbors import KernelDensity

from img2img.base.metrics import tiles
from img2img.base.metrics.features import Features
from img2img.base.metrics.parzen import choose, log_densities, log_likelihood, mass_coverage


def draw(count, d, seed=0):
    return np.random.default_rng(seed).standard_normal((count, d))


def of(finish, fake, real, **options):
    return finish(Features.of(fake), Features.of(real), **options)


@pytest.mark.parametrize(("d", "bandwidth"), [(1, 0.2), (5, 0.05), (40, 3.0)])
def test_densities_are_those_of_sklearn(monkeypatch, d, bandwidth):
    fake, real = draw(70, d) + 3, draw(50, d, 1) + 3
    oracle = KernelDensity(bandwidth=bandwidth).fit(fake).score_samples(real)
    for side in (2048, 16):
        monkeypatch.setattr(tiles, "SIDE", side)
        assert log_densities(fake, real, [bandwidth])[0] == approx(oracle, rel=1e-9, abs=1e-9)
    found = of(log_likelihood, fake, real, bandwidth=bandwidth)
    assert found.mean == approx(oracle.mean(), rel=1e-9)
    assert found.error == approx(oracle.std(ddof=1) / sqrt(50), rel=1e-9)
    assert found.bandwidth == bandwidth


def test_a_picture_far_from_all_has_a_finite_log():
    assert of(log_likelihood, [[0.0]], [[1e6]], bandwidth=1e-3).mean == approx(-5e17)


def test_one_kernel_by_hand():
    found = of(log_likelihood, [[0.0, 0.0]], [[3.0, 4.0]], bandwidth=2)
    assert found.mean == approx(-25 / 8 - log(2 * pi * 4))
    assert isnan(found.error)


def test_gaussians_have_a_closed_form():
    h, expected = 0.2, -1.4193181
    assert expected == approx(-0.5 * log(2 * pi * (1 + h**2)) - 0.5 / (1 + h**2), abs=1e-7)
    found = of(log_likelihood, draw(5000, 1), draw(2000, 1, 1), bandwidth=h)
    # the log of an average falls short of the average's log, by less than an error here
    assert found.mean == approx(expected, abs=3 * found.error)
    assert found.error == approx(0.016, abs=0.002)


def test_the_bandwidth_is_the_likeliest_of_the_grid():
    fake, held = draw(2000, 1), draw(500, 1, 1)
    found = choose(fake, held)
    assert 0.05 < found < 0.4  # Silverman's rule says 0.23
    scale = sqrt(((held - fake.mean()) ** 2).mean())
    means = [log_densities(fake, held, [scale * h])[0].mean() for h in np.logspace(-2, 0, 17)]
    assert log_densities(fake, held, [found])[0].mean() == approx(max(means))
    assert choose(fake * 9 + 1, held * 9 + 1) == approx(9 * found)


def test_the_held_out_share_is_drawn_by_the_seed():
    fake, real = draw(300, 2), draw(100, 2, 1)
    found = of(log_likelihood, fake, real)
    assert found == of(log_likelihood, fake, real)
    order = np.random.default_rng(0).permutation(100)
    rest = np.sort(order[10:])
    again = of(log_likelihood, fake, real[rest], bandwidth=found.bandwidth)
    assert found == approx(again, rel=1e-12)
    assert of(log_likelihood, draw(3, 2), draw(2, 2, 1)).bandwidth > 0


def test_coverage_of_the_models_own_distribution_is_the_level():
    found = [of(mass_coverage, draw(2000, 2, 2 * i), draw(1000, 2, 2 * i + 1)) for i in range(4)]
    assert np.mean(found) == approx(0.95, abs=0.012)


def test_coverage_of_wider_reals_has_a_closed_form():
    found = [of(mass_coverage, draw(2000, 1, 2 * i), draw(2000, 1, 2 * i + 1) * 2)
             for i in range(4)]  # fmt: skip
    assert np.mean(found) == approx(0.672905, abs=0.02)


def test_coverage_of_a_missed_mode_is_the_rest():
    real = np.concatenate([draw(300, 2), draw(100, 2) + 50])
    assert of(mass_coverage, draw(2000, 2, 1), real) == approx(0.75 * 0.95, abs=0.04)


def test_what_has_no_density_is_one_sentence():
    for bandwidth in (0, -1):
        with pytest.raises(ValueError, match=f"a bandwidth of {bandwidth}; give one above 0"):
            of(log_likelihood, draw(3, 2), draw(3, 2), bandwidth=bandwidth)
    with pytest.raises(ValueError, match="1 real pictures are too few; give 2 or more"):
        of(log_likelihood, draw(3, 2), draw(1, 2))
    with pytest.raises(ValueError, match="pictures equal the fakes' mean; give a bandwidth"):
        of(log_likelihood, np.ones((3, 2)), np.ones((3, 2)))
    with pytest.raises(ValueError, match=r"1 fake pictures and a level of 0.95; give 2 or more"):
        of(mass_coverage, draw(1, 2), draw(3, 2))
    with pytest.raises(ValueError, match="3 fake pictures and a level of 1; give 2 or more, and a"):
        of(mass_coverage, draw(3, 2), draw(3, 2), level=1)
