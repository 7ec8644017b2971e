import pytest
import torch

from img2img.base.adversarial import ADVERSARIAL, ENERGY_BASED
from img2img.base.judgement import Judgement, Verdict, judge, over


def test_without_a_mask_it_is_the_plain_mean():
    values = torch.randn(2, 1, 3, 3, dtype=torch.float64)
    assert torch.equal(over(None)(values), values.mean())
    assert torch.equal(Judgement(values).mean(values), values.mean())


def test_a_mask_that_shows_everything_changes_nothing():
    values = torch.randn(2, 3, 4, 4, dtype=torch.float64)
    assert torch.allclose(over(torch.ones(2, 1, 4, 4, dtype=torch.float64))(values), values.mean())


def test_a_logit_counts_by_what_is_visible_of_its_part_of_the_picture():
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., :2, :2] = 1
    mask[..., 2:, 3:] = 1
    logits = torch.tensor([[[[1.0, 10.0], [100.0, 1000.0]]]])
    assert over(mask)(logits).item() == pytest.approx((1 + 1000 / 2) / 4)


def test_parts_of_a_batch_add_up_to_the_whole():
    draw = torch.Generator().manual_seed(0)
    values = torch.randn(4, 1, 5, 5, generator=draw, dtype=torch.float64)
    mask = (torch.rand(4, 1, 10, 10, generator=draw) > 0.7).double()
    halves = [over(mask[i : i + 2])(values[i : i + 2]) for i in (0, 2)]
    assert torch.allclose(over(mask)(values), sum(halves) / 2)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_hidden_logits_pull_nobody(name):
    gan = ADVERSARIAL[name]
    mask = torch.ones(1, 1, 8, 8)
    mask[..., 4:] = 0
    real, fake = (torch.randn(1, 1, 2, 2).requires_grad_() for _ in "rf")
    codes = torch.ones(1, 3)
    judged = [Judgement(logits, mask, codes) for logits in (real, fake)]
    of_generator = gan.generator(judged[1], judged[0])
    for loss in (gan.discriminator(*judged), of_generator):
        real.grad = fake.grad = None
        loss.backward()
        assert fake.grad[..., 0].any() or gan is ENERGY_BASED
        for logits in (real, fake):
            assert logits.grad is None or not logits.grad[..., 1].any()


def test_nothing_visible_is_no_division_by_zero():
    assert over(torch.zeros(1, 1, 4, 4))(torch.ones(1, 1, 2, 2)).item() == 0


def test_an_average_is_over_what_is_visible_alone():
    mask = torch.zeros(1, 1, 4, 4)
    mask[..., :2, :2] = 1
    mask[..., 2:, 3:] = 1
    logits = torch.tensor([[[[1.0, 10.0], [100.0, 1000.0]]]])
    found = Judgement(logits, mask).average(logits).item()
    assert found == pytest.approx((1 + 1000 / 2) / 1.5)
    assert Judgement(logits).average(logits) == logits.mean()
    assert Judgement(logits, 0 * mask).average(logits) == 0
    one = torch.zeros(1, 1, 4096, 4096)
    one[..., 0, 0] = 1
    assert Judgement(logits, one).average(logits).item() == pytest.approx(1)


def test_what_a_judge_says_besides_its_logits_is_kept():
    class Talking(torch.nn.Module):
        def forward(self, x):
            return Verdict(-x, x.flatten(1))

    x, mask = torch.rand(2, 1, 3, 3), torch.ones(2, 1, 3, 3)
    said = judge(Talking(), x, mask)
    assert torch.equal(said.logits, -x) and torch.equal(said.features, x.flatten(1))
    assert said.mask is mask and judge(torch.nn.Identity(), x) == (x, None, None)
