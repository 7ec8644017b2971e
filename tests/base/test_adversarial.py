from math import exp, log

import pytest
import torch
from torch import Tensor

from img2img.base.adversarial import (
    ADVERSARIAL,
    HINGE,
    LEAST_SQUARES,
    MINIMAX,
    NON_SATURATING,
    WASSERSTEIN,
    Adversarial,
    accuracy,
)
from img2img.base.judgement import Judgement


def sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-logit))


def logits(*values: float) -> Tensor:
    return torch.tensor(values, dtype=torch.float64).reshape(len(values), 1, 1, 1)


REAL, FAKE = (0.3, 2.0), (-1.5, 0.4)


def mean(function, values) -> float:
    return sum(map(function, values)) / len(values)


CROSS_ENTROPY = mean(lambda r: -log(sigmoid(r)), REAL) + mean(lambda f: -log(1 - sigmoid(f)), FAKE)


@pytest.mark.parametrize(
    ("gan", "of_discriminator", "of_generator"),
    [
        (MINIMAX, CROSS_ENTROPY, mean(lambda f: log(1 - sigmoid(f)), FAKE)),
        (NON_SATURATING, CROSS_ENTROPY, mean(lambda f: -log(sigmoid(f)), FAKE)),
        (
            LEAST_SQUARES,
            mean(lambda r: (r - 1) ** 2, REAL) + mean(lambda f: f**2, FAKE),
            mean(lambda f: (f - 1) ** 2, FAKE),
        ),
        (HINGE, (0.7 + 0) / 2 + (0 + 1.4) / 2, 0.55),
        (WASSERSTEIN, -0.55 - 1.15, 0.55),
    ],
)
def test_a_loss_at_known_logits(
    gan: Adversarial, of_discriminator: float, of_generator: float
) -> None:
    real, fake = logits(*REAL), logits(*FAKE)
    assert gan.discriminator(Judgement(real), Judgement(fake)).item() == pytest.approx(
        of_discriminator, rel=1e-12
    )
    assert gan.generator(Judgement(fake), None).item() == pytest.approx(of_generator, rel=1e-12)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_each_side_pulls_the_logits_its_own_way(name: str) -> None:
    gan = ADVERSARIAL[name]
    real, fake = logits(0.3, 0.6).requires_grad_(), logits(0.1, 0.4).requires_grad_()
    gan.discriminator(Judgement(real), Judgement(fake)).backward()
    assert (real.grad < 0).all() and (fake.grad > 0).all()  # descent: real up, fake down
    fake.grad = None
    gan.generator(Judgement(fake), Judgement(real)).backward()
    assert (fake.grad < 0).all()


def test_least_squares_is_nothing_at_its_targets() -> None:
    assert LEAST_SQUARES.discriminator(Judgement(logits(1, 1)), Judgement(logits(0, 0))).item() == 0
    assert LEAST_SQUARES.generator(Judgement(logits(1, 1)), None).item() == 0


def test_hinge_leaves_alone_what_is_beyond_the_margin() -> None:
    real, fake = logits(1.1, 5).requires_grad_(), logits(-1.1, -5).requires_grad_()
    HINGE.discriminator(Judgement(real), Judgement(fake)).backward()
    assert not real.grad.any() and not fake.grad.any()


def test_minimax_saturates_where_the_other_does_not() -> None:
    slopes = []
    for gan in (MINIMAX, NON_SATURATING):
        sure = logits(-20).requires_grad_()
        gan.generator(Judgement(sure), None).backward()
        slopes.append(abs(sure.grad.item()))
    assert slopes[0] < 1e-8 and slopes[1] == pytest.approx(1)


@pytest.mark.parametrize("name", ["minimax", "non-saturating"])
def test_large_logits_stay_finite(name: str) -> None:
    real, fake = logits(-1e4).float().requires_grad_(), logits(1e4).float().requires_grad_()
    gan, judged = ADVERSARIAL[name], Judgement(fake)
    loss = gan.discriminator(Judgement(real), judged) + gan.generator(judged, None)
    loss.backward()
    assert loss.isfinite() and real.grad.isfinite().all() and fake.grad.isfinite().all()


@pytest.mark.parametrize(("name", "threshold"), [("least-squares", 0.5), ("hinge", 0.0)])
def test_accuracy_counts_each_side_of_the_threshold(name: str, threshold: float) -> None:
    real = torch.tensor([threshold + 0.1, threshold + 2, threshold - 0.1, threshold])
    fake = torch.tensor([threshold - 0.1, threshold + 0.1, threshold])
    found = [share.item() for share in accuracy(ADVERSARIAL[name], real, fake)]
    assert found == pytest.approx([1 / 2, 2 / 3])
