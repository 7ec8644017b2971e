import pytest
import torch

from img2img.base.adversarial import ADVERSARIAL
from img2img.base.judgement import Judgement, over


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
    loss = gan.discriminator(Judgement(real, mask), Judgement(fake, mask))
    loss.backward()
    for logits in (real, fake):
        assert not logits.grad[..., 1].any() and logits.grad[..., 0].any()


def test_nothing_visible_is_no_division_by_zero():
    assert over(torch.zeros(1, 1, 4, 4))(torch.ones(1, 1, 2, 2)).item() == 0
