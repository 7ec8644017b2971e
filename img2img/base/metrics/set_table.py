"""SETS: the metrics of a set of pictures against another, by name: the table to extend."""

from collections.abc import Callable
from typing import Any

from img2img.base.metrics.colour_shift import colour_shift
from img2img.base.metrics.frechet import frechet_distance
from img2img.base.metrics.grid import checkerboard_energy
from img2img.base.metrics.histograms import colour_distance, contrast_distance
from img2img.base.metrics.kernels import kid, mmd_rbf
from img2img.base.metrics.parzen import log_likelihood, mass_coverage
from img2img.base.metrics.retrieval import retrieval
from img2img.base.metrics.scores import (
    am_score,
    inception_score,
    mode_score,
    modified_inception_score,
)
from img2img.base.metrics.set_figures import bins, boundary, geometry, memorised, slopes
from img2img.base.metrics.sets import SetMetric, Sets
from img2img.base.metrics.spectrum import spectrum_distance
from img2img.base.metrics.two_sample import logistic_test, nearest_neighbour_test
from img2img.base.metrics.wasserstein import sliced_wasserstein

FEATURES, PROBABILITIES, PIXELS = ("features",), ("probabilities",), ("pixels",)


def _of(need: str, finish: Callable[..., Any], *, seeded: bool = False) -> Callable[[Sets], Any]:
    """A function of what is kept of both sets, which may draw."""
    if seeded:
        return lambda sets: finish(*sets.both(need), seed=sets.seed)
    return lambda sets: finish(*sets.both(need))


SETS = {
    "fid": SetMetric(
        FEATURES,
        lambda sets: frechet_distance(*sets.moments),
        "Frechet distance of features taken for Gaussians (Heusel et al. 2017)",
        rises=False,
    ),
    "kid": SetMetric(
        FEATURES,
        _of("features", kid),
        "unbiased MMD^2 of all pairs, kernel (a.b / d + 1)^3 (Binkowski et al. 2018)",
        rises=False,
    ),
    "mmd-rbf": SetMetric(
        FEATURES,
        _of("features", mmd_rbf, seeded=True),
        "unbiased MMD^2 of all pairs, Gaussian kernel, median bandwidth (Gretton et al. 2012)",
        rises=False,
        seeded=True,
    ),
    "precision": SetMetric(
        FEATURES,
        lambda sets: sets.manifold.precision,
        "share of fakes within a real's ball to its 3rd neighbour (Kynkaanniemi et al. 2019)",
        rises=True,
    ),
    "recall": SetMetric(
        FEATURES,
        lambda sets: sets.manifold.recall,
        "share of reals within a fake's ball to its 3rd neighbour (Kynkaanniemi et al. 2019)",
        rises=True,
    ),
    "f1": SetMetric(
        FEATURES,
        lambda sets: sets.manifold.f1,
        "harmonic mean of precision and recall",
        rises=True,
    ),
    "density": SetMetric(
        FEATURES,
        lambda sets: sets.manifold.density,
        "reals' balls to their 5th neighbour around a fake, over 5 (Naeem et al. 2020)",
        rises=True,
    ),
    "coverage": SetMetric(
        FEATURES,
        lambda sets: sets.manifold.coverage,
        "share of reals' balls to their 5th neighbour that hold a fake (Naeem et al. 2020)",
        rises=True,
    ),
    "ndb": SetMetric(
        FEATURES,
        bins,
        "share of bins of reals with another share of fakes (Richardson and Weiss 2018)",
        rises=False,
        seeded=True,
    ),
    "ndb-jsd": SetMetric(
        FEATURES,
        lambda sets: bins(sets).jsd,
        "Jensen-Shannon divergence of those bins, nats",
        rises=False,
        seeded=True,
    ),
    "c2st": SetMetric(
        FEATURES,
        _of("features", nearest_neighbour_test, seeded=True),
        "accuracy of the nearest other picture in telling fake from real; 0.5 is best, less are"
        " copies (Lopez-Paz and Oquab 2017)",
        rises=None,
        seeded=True,
    ),
    "c2st-logistic": SetMetric(
        FEATURES,
        _of("features", logistic_test, seeded=True),
        "accuracy of a logistic regression in telling fake from real, on the half that it was not"
        " trained on; 0.5 is best (Lopez-Paz and Oquab 2017)",
        rises=False,
        seeded=True,
    ),
    "retrieval": SetMetric(
        FEATURES,
        _of("features", retrieval),
        "distance of a real to the nearest fake over that to the nearest other real",
        rises=False,
    ),
    "birthday": SetMetric(
        FEATURES,
        lambda sets: sets.size,
        "number of different pictures, by how soon two are alike (Arora et al. 2018)",
        rises=True,
        seeded=True,
    ),
    "geometry": SetMetric(
        FEATURES,
        geometry,
        "geometry score: difference of the life of 1-D holes (Khrulkov and Oseledets 2018)",
        rises=False,
        seeded=True,
    ),
    "memorisation": SetMetric(
        FEATURES,
        memorised,
        "share of fakes that are copies: three times nearer to a training picture than that is to"
        " its nearest other; the ratio is of the fakes' mean distance to that of the reals",
        rises=False,
        trained=True,
    ),
    "is": SetMetric(
        PROBABILITIES,
        lambda sets: inception_score(sets.fake.states["probabilities"], seed=sets.seed),
        "Inception Score, 10 splits (Salimans et al. 2016); of the fakes alone",
        rises=True,
        seeded=True,
    ),
    "m-is": SetMetric(
        PROBABILITIES,
        lambda sets: modified_inception_score(sets.fake.states["probabilities"]),
        "modified Inception Score: variety within a class (Gurumurthy et al. 2017)",
        rises=True,
    ),
    "mode-score": SetMetric(
        PROBABILITIES,
        _of("probabilities", mode_score),
        "Mode Score (Che et al. 2017)",
        rises=True,
    ),
    "am-score": SetMetric(
        PROBABILITIES,
        _of("probabilities", am_score),
        "AM score (Zhou et al. 2018)",
        rises=False,
    ),
    "boundary": SetMetric(
        (*FEATURES, *PROBABILITIES),
        boundary,
        "boundary distortion: accuracy that a classifier loses when it is trained on fakes"
        " (Santurkar et al. 2018)",
        rises=False,
        seeded=True,
    ),
    "log-likelihood": SetMetric(
        PIXELS,
        _of("pixels", log_likelihood, seeded=True),
        "of reals under a Parzen window on fakes, 32 x 32 pixels in [0, 1], nats",
        rises=True,
        seeded=True,
    ),
    "mass-coverage": SetMetric(
        PIXELS,
        _of("pixels", mass_coverage, seeded=True),
        "share of reals where the fakes' density holds 95 % of its mass, 32 x 32 pixels"
        " (Tolstikhin et al. 2017)",
        rises=True,
        seeded=True,
    ),
    "swd": SetMetric(
        ("patches",),
        _of("patches", sliced_wasserstein, seeded=True),
        "sliced Wasserstein distance of 64 patches of 7 x 7 in each octave, range [-1, 1]",
        rises=False,
        seeded=True,
    ),
    "spectrum": SetMetric(
        ("spectrum",),
        _of("spectrum", spectrum_distance),
        "root mean square difference of the radial power spectra, decibel",
        rises=False,
    ),
    "spectrum-slope": SetMetric(
        ("spectrum",),
        lambda sets: slopes(*sets.both("spectrum")),
        "log-log slope of the fakes' power spectrum, beside it that of the reals",
        rises=None,
    ),
    "colour-histogram": SetMetric(
        ("histograms",),
        _of("histograms", colour_distance),
        "Wasserstein distance of the colour histograms, range [0, 1]",
        rises=False,
    ),
    "contrast-histogram": SetMetric(
        ("histograms",),
        _of("histograms", contrast_distance),
        "Wasserstein distance of the pictures' RMS contrasts, range [0, 1]",
        rises=False,
    ),
    "colour-shift": SetMetric(
        ("colours",),
        _of("colours", colour_shift),
        "distance of the mean colours, CIE Lab",
        rises=False,
    ),
    "checkerboard": SetMetric(
        ("grid",),
        _of("grid", checkerboard_energy),
        "root mean square of a grid of 2 or 4 pixels beyond that of the reals, range [-1, 1]",
        rises=False,
    ),
}
