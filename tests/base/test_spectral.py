from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

from img2img.base.draws import seeded
from img2img.base.spectral import LAYERS, normalise


def network() -> nn.Sequential:
    """One of each kind, drawn far from norm 1."""
    made = nn.Sequential(
        nn.Conv2d(3, 8, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.ConvTranspose2d(8, 4, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(4 * 8 * 8, 5),
    )
    with torch.no_grad():
        for place, weight in enumerate(made.parameters()):
            weight.copy_(3 * torch.randn(weight.shape, generator=seeded(place)))
    return made


def normalised(seed: int = 0, name: str = "D") -> nn.Sequential:
    made = network()
    normalise(made, seed=seed, name=name)
    return made


X = torch.randn(2, 3, 8, 8, generator=seeded("x"))


def matrices(made: nn.Module) -> Iterator[Tensor]:
    """(outputs, the rest) of each layer."""
    for layer in made.modules():
        if isinstance(layer, nn.ConvTranspose2d):
            yield layer.weight.transpose(0, 1).flatten(1)
        elif isinstance(layer, LAYERS):
            yield layer.weight.flatten(1)


def test_after_50_forwards_every_layers_largest_singular_value_is_1() -> None:
    made = normalised()
    assert all(torch.linalg.matrix_norm(matrix, 2) > 3 for matrix in matrices(network()))
    for _ in range(50):
        made(X)
    made.eval()
    found = [torch.linalg.matrix_norm(matrix, 2).item() for matrix in matrices(made)]
    assert found == pytest.approx([1.0] * 3, abs=1e-3)


def test_it_follows_from_seed_and_name_and_leaves_the_global_state_alone() -> None:
    made = network()
    before = torch.manual_seed(5).get_state()
    normalise(made, seed=0, name="D")
    first = made.state_dict()
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(6)
    again = normalised().state_dict()
    assert all(torch.equal(first[key], again[key]) for key in first)
    vectors = [key for key in first if key.endswith("._u")]
    assert len(vectors) == 3
    for other in (normalised(seed=1).state_dict(), normalised(name="D_X").state_dict()):
        assert not any(torch.equal(first[key], other[key]) for key in vectors)


def test_it_resumes_bit_for_bit() -> None:
    whole, resumed = normalised(), normalised(seed=1)
    for _ in range(3):
        whole(X)
    resumed.load_state_dict(whole.state_dict())
    for _ in range(2):
        assert torch.equal(whole(X), resumed(X))
    assert all(
        torch.equal(one, other)
        for one, other in zip(
            whole.state_dict().values(), resumed.state_dict().values(), strict=True
        )
    )


def test_the_gradient_flows_through_the_norm() -> None:
    layer = nn.Linear(4, 3).double()
    normalise(layer, seed=0, name="D")
    layer.eval()
    weight = layer.parametrizations.weight.original
    layer(torch.ones(1, 4).double()).square().sum().backward()
    # W / sigma(W) does not change with W's length
    assert (weight.grad * weight).sum().abs() < 1e-12 and weight.grad.abs().max() > 1e-3
