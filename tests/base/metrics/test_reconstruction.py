import pytest
import torch
from torch import nn

from img2img.base.draws import seeded
from img2img.base.metrics.reconstruction import reconstruction_error

A = torch.randn(48, 5, generator=seeded("linear"), dtype=torch.float64)
TARGETS = torch.randn(7, 3, 4, 4, generator=seeded("targets"), dtype=torch.float64)


def linear(z):
    return (z @ A.T).reshape(-1, 3, 4, 4)


def test_of_a_linear_generator_it_is_the_residual_of_least_squares():
    flat = TARGETS.flatten(1).T
    solution = torch.linalg.lstsq(A, flat).solution
    residual = (A @ solution - flat).square().mean(0)
    found = reconstruction_error(linear, TARGETS, latent=5, restarts=1)
    torch.testing.assert_close(found.errors, residual, rtol=1e-8, atol=1e-10)
    torch.testing.assert_close(found.latents, solution.T, rtol=1e-5, atol=1e-6)


def test_what_a_generator_made_it_finds_again():
    made = linear(torch.randn(4, 5, generator=seeded("z"), dtype=torch.float64))
    assert reconstruction_error(linear, made, latent=5).errors.max() < 1e-12


def network():
    torch.manual_seed(0)
    layers = nn.Linear(4, 16), nn.Tanh(), nn.Linear(16, 48), nn.Unflatten(1, (3, 4, 4))
    return nn.Sequential(*layers).double().requires_grad_(False)


def test_neither_order_nor_batches_change_anything():
    options = {"latent": 4, "steps": 30}
    whole = reconstruction_error(network(), TARGETS, **options).errors
    turned = reconstruction_error(network(), TARGETS.flip(0), **options).errors
    parts = [reconstruction_error(network(), part, **options).errors for part in TARGETS.split(3)]
    torch.testing.assert_close(turned.flip(0), whole, rtol=1e-10, atol=0)
    torch.testing.assert_close(torch.cat(parts), whole, rtol=1e-10, atol=0)


def test_more_restarts_come_no_farther_and_the_errors_are_those_of_the_latents():
    few, many = (
        reconstruction_error(network(), TARGETS, latent=4, restarts=n, steps=20) for n in (1, 4)
    )
    assert (many.errors <= few.errors).all() and (many.errors < few.errors).any()
    made = network()(many.latents)
    torch.testing.assert_close((made - TARGETS).square().mean((1, 2, 3)), many.errors)


def test_single_precision_stays_single_and_no_target_is_no_error():
    found = reconstruction_error(network().float(), TARGETS.float(), latent=4, steps=10)
    assert found.errors.dtype == found.latents.dtype == torch.float32
    none = reconstruction_error(network(), TARGETS[:0], latent=4)
    assert none.errors.shape == (0,) and none.latents.shape == (0, 4)


def test_what_cannot_be_compared_is_one_sentence():
    with pytest.raises(ValueError, match=r"pictures \(7, 5\) of targets \(7, 3, 4, 4\)"):
        reconstruction_error(lambda z: z, TARGETS, latent=5)
    with pytest.raises(ValueError, match="0 restarts find nothing; give 1 or more"):
        reconstruction_error(linear, TARGETS, latent=5, restarts=0)
