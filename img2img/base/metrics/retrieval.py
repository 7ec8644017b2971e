"""Image retrieval: whether reals find their like among the fakes (Wang et al. 2016)."""

from typing import NamedTuple

from img2img.base.metrics.features import Features, check_two
from img2img.base.metrics.neighbours import nearest


class Retrieval(NamedTuple):
    """How far the nearest pictures of a real are, on average."""

    ratio: float
    """fake / real; about 1 of fakes that are as good and as many as the other reals."""
    fake: float
    """The mean distance to the k nearest fakes."""
    real: float
    """To the k nearest other reals."""
    p_value: float
    """Of Wilcoxon's signed-rank test, two-sided, of each real's two distances."""


def retrieval(fake: Features, real: Features, *, k: int = 1) -> Retrieval:
    """Each real's k nearest fakes against its k nearest other reals.

    More fakes are nearer: compare as many as there are reals. The ratio is inf, or nan, where
    reals are 0 apart.

    Raises:
        ValueError: there are fewer than k fakes or k + 1 reals, or dimensions differ.
    """
    from scipy.stats import wilcoxon

    check_two(fake, real, 1)
    fakes = nearest(real.rows, fake.rows, k).distances.mean(axis=1)
    reals = nearest(real.rows, real.rows, k, itself=True).distances.mean(axis=1)
    differ = fakes != reals
    p_value = float(wilcoxon(fakes[differ], reals[differ]).pvalue) if differ.any() else 1.0
    means = float(fakes.mean()), float(reals.mean())
    return Retrieval(quotient(*means), *means, p_value)


def quotient(a: float, b: float) -> float:
    """The quotient of distances; inf where b alone is 0, nan where both are."""
    if b:
        return a / b
    return float("inf") if a else float("nan")
