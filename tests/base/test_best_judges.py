"""What D finds against a fixed G, by `fit`, where theory knows the answer."""

from math import log

import pytest
import torch
import toys
from torch import Tensor, nn

from img2img.base.adversarial import MINIMAX, WASSERSTEIN, Adversarial
from img2img.base.penalties import Penalty, gradient_penalty, lipschitz_penalty
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, fit
from img2img.base.unconditional import Unconditional

NORMAL = torch.special.ndtri((torch.arange(512, dtype=torch.float64) + 0.5) / 512)  # its quantiles
JSD = 0.1114214822  # of N(0, 1) and N(1, 1), nats


class Shifted(nn.Module):
    """A generator that draws the real pictures, moved."""

    def __init__(self, real: Tensor, by: Tensor) -> None:
        super().__init__()
        self.made = real + by

    def forward(self, z: Tensor) -> Tensor:
        return self.made


def found(
    by: Tensor,
    gan: Adversarial,
    penalty: Penalty | None = None,
    *,
    steps: int,
    lr: float,
    bound: float | None = None,
) -> tuple[Tensor, Tensor, float]:
    """The linear critic's weights and bias, and its last loss."""
    real = NORMAL[:, None].repeat(1, len(by))
    D = nn.Linear(len(by), 1).double()
    for weight in D.parameters():  # a two-sided penalty holds a slope on the wrong side there
        nn.init.zeros_(weight)
    game = Unconditional(Shifted(real, by), D, latent=1, gan=gan, penalty=penalty)
    game.players = {"D": game.players["D"]}
    algorithm = torch.optim.SGD(D.parameters(), lr=1.0)
    optimizers = {"D": Optimizer(algorithm, lambda _: lr, bound=bound)}
    batches = [toys.Pictures(real, real)] * steps
    for step in fit(game, batches, optimizers, Runtime("cpu")):
        loss = step.losses["D"].item()
    return D.weight.detach()[0], D.bias.detach(), loss


def test_a_logistic_judge_of_two_gaussians_finds_their_log_ratio() -> None:
    weight, bias, loss = found(torch.ones(1).double(), MINIMAX, steps=300, lr=0.5)
    assert weight.item() == pytest.approx(-1, abs=0.1)
    assert bias.item() == pytest.approx(0.5, abs=0.1)
    assert loss == pytest.approx(log(4) - 2 * JSD, abs=3e-3)  # 1.1634


@pytest.mark.parametrize("penalty", [gradient_penalty, lipschitz_penalty])
@pytest.mark.parametrize("by", [(1.0,), (-1.0,), (0.6, -0.8)])
def test_a_critic_of_a_shift_has_slope_1_towards_the_real(penalty, by: tuple[float, ...]) -> None:
    shift = torch.tensor(by, dtype=torch.float64)  # of length 1
    weight, *_ = found(shift, WASSERSTEIN, penalty(10.0), steps=150, lr=0.02)
    # least of w . shift + 10 (|w| - 1)^2
    torch.testing.assert_close(weight, -shift * (1 + 1 / (2 * 10)), rtol=0, atol=1e-3)


@pytest.mark.parametrize("clip", [0.01, 0.25])
def test_a_clipped_critic_of_a_shift_saturates(clip: float) -> None:
    shift = torch.tensor([2.0, -0.5], dtype=torch.float64)
    weight, _, loss = found(shift, WASSERSTEIN, steps=40, lr=0.1, bound=clip)
    assert weight.tolist() == [-clip, clip]
    assert loss == pytest.approx(-2.5 * clip)
