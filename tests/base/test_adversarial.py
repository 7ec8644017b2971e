from math import exp, log, sqrt
from typing import Any, get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from img2img.base.adversarial import (
    ADVERSARIAL,
    ENERGY_BASED,
    HINGE,
    LEAST_SQUARES,
    LEAST_SQUARES_SIGNED,
    MINIMAX,
    NON_SATURATING,
    RELATIVISTIC,
    WASSERSTEIN,
    Adversarial,
    accuracy,
    energy_based,
    smoothed,
)
from img2img.base.judgement import Judgement
from img2img.config import Config

ALIKE = torch.ones(2, 3, dtype=torch.float64)  # codes whose pull-away term is 1


def sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def logits(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64).reshape(len(values), 1, 1, 1)


def judged(*values: float) -> Judgement:
    return Judgement(logits(*values).requires_grad_(), features=ALIKE)


REAL, FAKE = (0.3, 2.0), (-1.5, 0.4)


def mean(function, values) -> float:
    return sum(map(function, values)) / len(values)


CROSS_ENTROPY = mean(lambda r: -log(sigmoid(r)), REAL) + mean(lambda f: -log(1 - sigmoid(f)), FAKE)


def relativistic(up: tuple[float, ...], down: tuple[float, ...]) -> float:
    above, below = mean(float, up), mean(float, down)
    return mean(lambda u: -log(sigmoid(u - below)), up) + mean(
        lambda d: -log(1 - sigmoid(d - above)), down
    )


KNOWN = {
    "minimax": (CROSS_ENTROPY, mean(lambda f: log(1 - sigmoid(f)), FAKE)),
    "non-saturating": (CROSS_ENTROPY, mean(lambda f: -log(sigmoid(f)), FAKE)),
    "least-squares": (
        mean(lambda r: (r - 1) ** 2, REAL) + mean(lambda f: f**2, FAKE),
        mean(lambda f: (f - 1) ** 2, FAKE),
    ),
    "least-squares-signed": (
        mean(lambda r: (r - 1) ** 2, REAL) + mean(lambda f: (f + 1) ** 2, FAKE),
        mean(lambda f: f**2, FAKE),
    ),
    "hinge": ((0.7 + 0) / 2 + (0 + 1.4) / 2, 0.55),
    "wasserstein": (-0.55 - 1.15, 0.55),
    "relativistic": (relativistic(REAL, FAKE), relativistic(FAKE, REAL)),
    "energy-based": (-1.15 + (0 + 0.58) / 2, 0.55 + 0.1),
    "f-total-variation": (
        mean(lambda f: sigmoid(2 * f) - 0.5, FAKE) - mean(lambda r: sigmoid(2 * r) - 0.5, REAL),
        -mean(lambda f: sigmoid(2 * f) - 0.5, FAKE),
    ),
    "f-kl": (mean(lambda f: exp(f - 1), FAKE) - 1.15, -mean(lambda f: exp(f - 1), FAKE)),
    "f-reverse-kl": (-1.55 + mean(lambda r: exp(-r), REAL), 1.55),
    "f-pearson": (
        mean(lambda f: f**2 / 4 + f, FAKE) - 1.15,
        -mean(lambda f: f**2 / 4 + f, FAKE),
    ),
    "f-hellinger": (
        mean(lambda f: exp(f) - 1, FAKE) - mean(lambda r: 1 - exp(-r), REAL),
        -mean(lambda f: exp(f) - 1, FAKE),
    ),
    "f-jensen-shannon": (
        CROSS_ENTROPY - 2 * log(2),
        mean(lambda f: log(1 - sigmoid(f)), FAKE) + log(2),
    ),
    "f-gan": (CROSS_ENTROPY, mean(lambda f: log(1 - sigmoid(f)), FAKE)),
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_a_loss_at_known_logits(name: str) -> None:
    gan, (of_discriminator, of_generator) = ADVERSARIAL[name], KNOWN[name]
    real, fake = judged(*REAL), judged(*FAKE)
    found = gan.discriminator(real, fake).item()
    assert found == pytest.approx(of_discriminator, rel=1e-12)
    found = gan.generator(fake, real if gan.relativistic else None).item()
    assert found == pytest.approx(of_generator, rel=1e-12)


def test_the_losses_are_those_that_can_be_asked_for() -> None:
    assert list(ADVERSARIAL) == list(get_args(Config.model_fields["adversarial"].annotation))


WITHIN: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {  # real, fake
    "least-squares-signed": ((0.3, 0.6), (-0.4, -0.1)),
    "energy-based": ((-0.01, -0.1), (-0.17, -0.05)),
}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_each_side_pulls_the_logits_its_own_way(name: str) -> None:
    gan = ADVERSARIAL[name]
    real, fake = (judged(*it) for it in WITHIN.get(name, ((0.3, 0.6), (0.1, 0.4))))
    gan.discriminator(real, fake).backward()
    assert (real.logits.grad < 0).all() and (fake.logits.grad > 0).all()  # descent: real up
    fake.logits.grad = None
    gan.generator(fake, real).backward()
    assert (fake.logits.grad < 0).all()


@pytest.mark.parametrize(
    ("gan", "a", "b", "c"), [(LEAST_SQUARES, 0, 1, 1), (LEAST_SQUARES_SIGNED, -1, 1, 0)]
)
def test_least_squares_is_nothing_at_its_targets(
    gan: Adversarial, a: float, b: float, c: float
) -> None:
    assert gan.discriminator(judged(b, b), judged(a, a)).item() == 0
    assert gan.generator(judged(c, c), None).item() == 0


def best(gan: Adversarial, p: float, q: float) -> float:
    """The logit where D's loss is least, of a place with densities p and q, by Newton's steps."""
    v = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    for _ in range(8):
        loss = p * gan.discriminator(Judgement(v), Judgement(v.detach()))
        loss = loss + q * gan.discriminator(Judgement(v.detach()), Judgement(v))
        [slope] = torch.autograd.grad(loss, v, create_graph=True)
        [bend] = torch.autograd.grad(slope, v)
        v = (v - slope / bend).detach().requires_grad_()
    return v.item()


@settings(max_examples=20)
@given(p=st.floats(0.2, 1), q=st.floats(0.2, 1))
def test_least_squares_best_judge_lies_between_the_targets_by_densities(p: float, q: float) -> None:
    assert best(LEAST_SQUARES, p, q) == pytest.approx((1 * p + 0 * q) / (p + q))
    assert best(LEAST_SQUARES_SIGNED, p, q) == pytest.approx((1 * p - 1 * q) / (p + q), abs=1e-9)


@settings(max_examples=20)
@given(p=st.floats(0.2, 1), q=st.floats(0.2, 1), s=st.floats(0.01, 0.4))
def test_smoothing_moves_the_best_judge_in_real_terms_alone(p: float, q: float, s: float) -> None:
    assert sigmoid(best(smoothed(MINIMAX, s), p, q)) == pytest.approx((1 - s) * p / (p + q))
    assert best(smoothed(LEAST_SQUARES, s), p, q) == pytest.approx((1 - s) * p / (p + q))
    signed = best(smoothed(LEAST_SQUARES_SIGNED, s), p, q)
    assert signed == pytest.approx(((1 - 2 * s) * p - q) / (p + q), abs=1e-9)


LABELLED = ["minimax", "non-saturating", "least-squares", "least-squares-signed"]


@pytest.mark.parametrize("name", LABELLED)
def test_smoothing_leaves_generators_alone_and_moves_the_threshold(
    name: str,
) -> None:
    plain, soft = ADVERSARIAL[name], smoothed(ADVERSARIAL[name], 0.1)
    assert soft.generator(judged(*FAKE), None) == plain.generator(judged(*FAKE), None)
    assert soft.threshold == pytest.approx(best(soft, 0.5, 0.5))
    assert plain.threshold == pytest.approx(best(plain, 0.5, 0.5), abs=1e-12)
    assert soft.threshold < plain.threshold


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_smoothing_is_refused_where_there_are_no_labels(name: str) -> None:
    assert smoothed(ADVERSARIAL[name], 0.0) is ADVERSARIAL[name]
    if name in LABELLED:
        assert smoothed(ADVERSARIAL[name], 0.1) is not ADVERSARIAL[name]
    else:
        with pytest.raises(ValueError, match=r"smoothing of 0\.1 needs a loss with labels; choose"):
            smoothed(ADVERSARIAL[name], 0.1)


@pytest.mark.parametrize("smoothing", [-0.1, 1.0, float("nan")])
def test_smoothing_outside_its_range_is_one_sentence(smoothing: float) -> None:
    with pytest.raises(ValueError, match="from 0 up to, but not, 1, not"):
        smoothed(MINIMAX, smoothing)


def test_hinge_leaves_alone_what_is_beyond_the_margin() -> None:
    real, fake = judged(1.1, 5), judged(-1.1, -5)
    HINGE.discriminator(real, fake).backward()
    assert not real.logits.grad.any() and not fake.logits.grad.any()


def test_energy_beyond_the_margin_is_left_alone_a_sample_each() -> None:
    real, fake = judged(0.0), judged(-0.5, -0.1)  # their mean energy, 0.3, is beyond the margin
    energy_based(margin=0.2).discriminator(real, fake).backward()
    assert fake.logits.grad.flatten().tolist() == [0, 0.5]


def test_pulling_away_is_a_weight_of_its_own_and_asks_for_codes() -> None:
    fake = judged(-0.5, -0.1)
    plain = energy_based(pull_away=0.0).generator(fake._replace(features=None), None)
    assert plain.item() == pytest.approx(0.3)
    assert energy_based(pull_away=2.0).generator(fake, None).item() == pytest.approx(2.3)
    with pytest.raises(ValueError, match="pull-away term is of D's codes"):
        ENERGY_BASED.generator(fake._replace(features=None), None)


def test_the_margin_is_the_papers_20_for_faces_of_64_pixels() -> None:
    assert 20 / sqrt(3 * 64 * 64) == pytest.approx(0.18, abs=5e-4)
    assert energy_based(margin=0.4).threshold == pytest.approx(-0.2)


@given(st.floats(-20, 20))
def test_gradients_of_minimax_and_non_saturating_fakes_are_as_d_to_1_minus_d(logit: float) -> None:
    slopes = []
    for gan in (MINIMAX, NON_SATURATING):
        fake = judged(logit)
        gan.generator(fake, None).backward()
        slopes.append(fake.logits.grad.item())
    D = sigmoid(logit)
    assert slopes[0] < 0 and slopes[1] < 0
    assert slopes[0] / slopes[1] == pytest.approx(D / (1 - D), rel=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=2), st.floats(-100, 100))
def test_relativistic_and_wasserstein_know_differences_alone(fakes: Any, shift: float) -> None:
    for gan in (RELATIVISTIC, WASSERSTEIN):
        moved = [judged(*(v + shift for v in it)) for it in (REAL, fakes)]
        found = gan.discriminator(*moved).item()
        expected = gan.discriminator(judged(*REAL), judged(*fakes)).item()
        assert gan.threshold is None
        assert found == pytest.approx(expected, abs=1e-9)


def test_relativistic_compares_with_the_mean_of_what_is_visible() -> None:
    mask = torch.ones(1, 1, 2, 4, dtype=torch.float64)
    mask[..., 2:] = 0
    values = [torch.tensor([[[[seen, hidden]]]]).double() for seen, hidden in ((1, 90), (3, -70))]
    real, fake = (Judgement(it, mask) for it in values)
    alone = [Judgement(it[..., :1]) for it in values]
    for side in ("discriminator", "generator"):
        found, expected = getattr(RELATIVISTIC, side), getattr(RELATIVISTIC, side)
        assert found(real, fake).item() == pytest.approx(expected(*alone).item() / 2)


SURE = ["minimax", "non-saturating", "relativistic", "f-gan", "f-jensen-shannon"]


@pytest.mark.parametrize("name", SURE)
def test_large_logits_stay_finite(name: str) -> None:
    real, fake = (logits(v, v / 3).float().requires_grad_() for v in (-1e4, 1e4))
    gan = ADVERSARIAL[name]
    both = Judgement(real), Judgement(fake)
    loss = gan.discriminator(*both) + gan.generator(both[1], both[0])
    loss.backward()
    assert loss.isfinite() and real.grad.isfinite().all() and fake.grad.isfinite().all()


@pytest.mark.parametrize("threshold", [0.5, 0.0, -0.09])
def test_accuracy_counts_each_side_of_the_threshold(threshold: float) -> None:
    real = torch.tensor([threshold + 0.1, threshold + 2, threshold - 0.1, threshold])
    fake = torch.tensor([threshold - 0.1, threshold + 0.1, threshold])
    found = [share.item() for share in accuracy(threshold, real, fake)]
    assert found == pytest.approx([1 / 2, 2 / 3])
