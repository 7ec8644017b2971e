import torch
from drawn_weights import drawn
from pytest import approx
from torch import nn

from img2img.networks.features import extractor
from img2img.networks.features.perceptual import Perceptual


def pictures(seed):
    return torch.rand(2, 3, 16, 16, generator=torch.Generator().manual_seed(seed)) * 2 - 1


def network(*layers):
    return extractor("vgg16", drawn("vgg16", "relu2_1"), layers)


def test_it_is_the_mean_squared_difference_of_features_summed_over_layers():
    fake, real = pictures(0), pictures(1)
    extract = network("conv1_2", "relu2_1")
    differences = zip(extract(fake), extract(real), strict=True)
    expected = sum(((a - b) ** 2).mean().item() for a, b in differences)
    assert Perceptual(extract)(fake, real).item() == approx(expected, rel=1e-5)
    assert Perceptual(extract)(real, real).item() == 0


def test_a_gradient_reaches_the_fake_alone():
    fake, real = pictures(0).requires_grad_(), pictures(1).requires_grad_()
    Perceptual(network("relu2_1"))(fake, real).backward()
    assert fake.grad.abs().sum() > 0
    assert real.grad is None


def test_no_checkpoint_of_a_trainer_holds_its_weights():
    class Trainer(nn.Module):
        def __init__(self):
            super().__init__()
            self.content = Perceptual(network("relu2_1"))

    assert not Trainer().state_dict()
    assert not [*Trainer().parameters()]


def test_the_network_follows_the_values_to_their_device():
    class Following:
        def to(self, device):
            self.device = device
            return self

        def __call__(self, values):
            return [values]

    network = Following()
    Perceptual(network)(pictures(0), pictures(1))
    assert network.device == torch.device("cpu")
