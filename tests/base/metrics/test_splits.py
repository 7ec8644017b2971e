"""What every metric of feature rows must obey: no figure depends on how the rows came."""

from functools import partial, reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from img2img.base.metrics import tiles
from img2img.base.metrics.birthday import support
from img2img.base.metrics.clusters import binned
from img2img.base.metrics.features import Features
from img2img.base.metrics.kernels import kid, mmd_rbf
from img2img.base.metrics.manifold import manifold
from img2img.base.metrics.memorisation import memorisation
from img2img.base.metrics.parzen import log_likelihood, mass_coverage
from img2img.base.metrics.retrieval import retrieval
from img2img.base.metrics.scores import (
    am_score,
    inception_score,
    mode_score,
    modified_inception_score,
)
from img2img.base.metrics.two_sample import logistic_test, nearest_neighbour_test

METRICS = {
    "manifold": manifold,
    "kid": kid,
    "kid of subsets": partial(kid, subsets=5, size=20),
    "mmd_rbf": mmd_rbf,
    "inception_score": lambda fake, _: inception_score(fake),
    "modified_inception_score": lambda fake, _: modified_inception_score(fake),
    "mode_score": mode_score,
    "am_score": am_score,
    "binned": partial(binned, bins=4),
    "nearest_neighbour_test": nearest_neighbour_test,
    "logistic_test": logistic_test,
    "log_likelihood": log_likelihood,
    "mass_coverage": mass_coverage,
    "support": lambda fake, real: support(fake, real=real),
    "retrieval": retrieval,
    "memorisation": memorisation,
}


def draw(count, d, seed=0):
    """Rows that are class probabilities too."""
    rows = np.random.default_rng(seed).random((count, d))
    return rows / rows.sum(1, keepdims=True)


def figures(result):
    """All numbers of a result in a row."""
    return np.concatenate([np.ravel(part).astype(float) for part in np.atleast_1d(
        np.array([result], object) if isinstance(result, float) else np.array([*result, 0], object)
    )])  # fmt: skip


def parts(rows, cuts, shuffle):
    """States of the rows between the cuts, added in another order."""
    ends = [0, *sorted(cuts), len(rows)]
    states = [Features.of(rows[a:b], first=a) for a, b in pairwise(ends)]
    return reduce(add, [states[i] for i in shuffle.permutation(len(states))])


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=4, deadline=None)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 50), max_size=6))
def test_splitting_a_set_in_any_way_and_order_changes_nothing(name, seed, cuts):
    finish, shuffle = METRICS[name], np.random.default_rng(seed)
    fake, real = draw(50, 6, seed), draw(60, 6, seed + 1)
    whole = finish(Features.of(fake), Features.of(real))
    split = finish(parts(fake, cuts, shuffle), parts(real, cuts, shuffle))
    assert figures(split) == approx(figures(whole), rel=1e-10, nan_ok=True)


@pytest.mark.parametrize("name", METRICS)
def test_the_size_of_tiles_changes_nothing(name, monkeypatch):
    fake, real = Features.of(draw(60, 6)), Features.of(draw(70, 6, 1))
    whole = METRICS[name](fake, real)
    monkeypatch.setattr(tiles, "SIDE", 16)
    assert figures(METRICS[name](fake, real)) == approx(figures(whole), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("counts", [(0, 5), (5, 0), (0, 0), (1, 1), (1, 30), (30, 1), (2, 2)])
def test_few_pictures_have_an_answer_or_one_sentence(name, counts):
    fake, real = (Features.of(draw(n, 6, i)) for i, n in enumerate(counts))
    try:
        found = METRICS[name](fake, real)
    except ValueError as error:
        assert "\n" not in str(error) and any(str(n) in str(error) for n in (*counts, "no "))
    else:
        assert figures(found).size


@pytest.mark.parametrize("name", METRICS)
def test_fewer_pictures_than_dimensions_have_an_answer(name):
    fake, real = Features.of(draw(30, 200)), Features.of(draw(31, 200, 1))
    assert not np.isnan(figures(METRICS[name](fake, real))).any()


@pytest.mark.parametrize("name", METRICS)
def test_single_precision_rows_are_judged_in_double(name):
    fake, real = (draw(40, 6, seed).astype(np.float32) for seed in (0, 1))
    single = METRICS[name](Features.of(fake), Features.of(real))
    double = METRICS[name](Features.of(fake.astype(float)), Features.of(real.astype(float)))
    assert figures(single) == approx(figures(double), rel=1e-10, nan_ok=True)
