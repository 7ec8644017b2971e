import pytest
import torch
from pytest import approx

from img2img.base.metrics.lpips import lpips

HEADS = [torch.tensor([1.0, 2.0]), torch.tensor([0.5, 4.0, 8.0])]


def features(seed=0, count=3):
    generator = torch.Generator().manual_seed(seed)
    sizes = [(2, 6, 4), (3, 2, 2)]
    return [torch.randn(count, *size, generator=generator) for size in sizes]


def axis(channels, which):
    """Features that point along one channel everywhere."""
    return torch.eye(channels)[which].view(1, -1, 1, 1).expand(1, -1, 2, 5)


def test_directions_at_right_angles_are_as_far_apart_as_their_two_weights_sum_over_layers():
    fake, real = [axis(2, 0), axis(3, 1)], [axis(2, 1), axis(3, 2)]
    assert lpips(fake, real, HEADS).item() == approx((1 + 2) + (4 + 8))


def test_opposite_directions_are_four_weights_apart():
    assert lpips([axis(3, 2)], [-axis(3, 2)], HEADS[1:]).item() == approx(4 * 8)


def test_places_are_averaged():
    fake, real = axis(2, 0).clone(), axis(2, 0)
    fake[..., 0, 0] = torch.tensor([0.0, 1.0])  # one place of ten
    assert lpips([fake], [real], HEADS[:1]).item() == approx((1 + 2) / 10)


def test_the_length_of_features_does_not_matter():
    fake, real = features(0), features(1)
    longer = [7 * each for each in fake]
    assert lpips(longer, real, HEADS).tolist() == approx(lpips(fake, real, HEADS).tolist())


def test_each_picture_of_a_batch_has_its_own_distance():
    fake, real = features(0), features(1)
    together = lpips(fake, real, HEADS)
    assert together.shape == (3,)
    for i in range(3):
        one = lpips([each[i : i + 1] for each in fake], [each[i : i + 1] for each in real], HEADS)
        assert together[i].item() == approx(one.item())
    assert lpips(real, real, HEADS).tolist() == [0, 0, 0]


def test_features_of_nothing_are_no_distance_apart_and_their_gradient_is_finite():
    fake = torch.zeros(1, 2, 3, 3, requires_grad=True)
    distance = lpips([fake], [torch.zeros(1, 2, 3, 3)], HEADS[:1])
    distance.sum().backward()
    assert distance.item() == 0
    assert fake.grad.isfinite().all()


def test_features_of_other_layers_are_one_sentence():
    with pytest.raises(ValueError, match="features of 2 and 2 layers, but 1 heads; give one for"):
        lpips(features(), features(), HEADS[:1])
    with pytest.raises(ValueError, match=r"features of shapes .* and a head of \(3,\) differ"):
        lpips(features(), features(), HEADS[::-1])
