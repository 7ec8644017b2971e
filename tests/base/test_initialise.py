import pytest
import torch
from torch import Tensor, nn

from img2img.base.initialise import INITS, initialise
from img2img.base.norms import BatchNorm


def made(kind: str, *, seed: int = 0, name: str = "G") -> dict[str, Tensor]:
    network = nn.Sequential(nn.Conv2d(64, 128, 4), BatchNorm(128), nn.ConvTranspose2d(128, 64, 3))
    initialise(network, kind, seed=seed, name=name)
    return network.state_dict()


@pytest.mark.parametrize(
    ("kind", "deviation"),
    [
        ("normal", 0.02),
        ("xavier", 0.02 * (2 / ((64 + 128) * 16)) ** 0.5),
        ("kaiming", (2 / (64 * 16)) ** 0.5),
        ("scaled-kaiming", 0.1 * (2 / (64 * 16)) ** 0.5),
    ],
)
def test_the_weights_have_the_rules_deviation(kind: str, deviation: float) -> None:
    first = made(kind)["0.weight"]
    assert first.mean().item() == pytest.approx(0, abs=deviation / 50)
    assert first.std().item() == pytest.approx(deviation, rel=0.02)


def test_orthogonal_rows_are_orthogonal() -> None:
    rows = made("orthogonal")["0.weight"].flatten(1)
    torch.testing.assert_close(rows @ rows.T, 0.02**2 * torch.eye(128), rtol=0, atol=1e-7)


@pytest.mark.parametrize("kind", INITS)
def test_norms_start_near_one_and_biases_at_zero(kind: str) -> None:
    state = made(kind)
    assert state["1.weight"].mean().item() == pytest.approx(1, abs=0.01)
    assert state["1.weight"].std().item() == pytest.approx(0.02, rel=0.2)
    assert not any(state[key].any() for key in ("0.bias", "1.bias", "2.bias"))


@pytest.mark.parametrize("kind", INITS)
def test_a_prelu_keeps_its_slope_and_changes_no_other_draw(kind: str) -> None:
    def drawn(slope: nn.Module) -> dict[str, Tensor]:
        network = nn.Sequential(nn.Conv2d(3, 4, 3), slope, BatchNorm(4), nn.PReLU())
        initialise(network, kind, seed=0, name="G")
        return network.state_dict()

    state = drawn(nn.PReLU(4))
    assert torch.equal(state["1.weight"], torch.full((4,), 0.25))
    assert torch.equal(state["3.weight"], torch.tensor([0.25]))
    assert all(torch.equal(value, state[key]) for key, value in drawn(nn.ReLU()).items())


@pytest.mark.parametrize(
    ("kind", "total"),
    [
        ("normal", 258.83785),
        ("xavier", 255.67219),
        ("kaiming", 266.18728),
        ("orthogonal", 255.68319),
    ],
)
def test_first_weights_are_those_of_earlier_versions(kind: str, total: float) -> None:
    state = made(kind)
    assert sum(value.double().sum().item() for value in state.values()) == pytest.approx(
        total, abs=1e-4
    )


@pytest.mark.parametrize("kind", INITS)
def test_first_weights_follow_from_seed_name_and_key_alone(kind: str) -> None:
    first, again = made(kind), made(kind)
    torch.manual_seed(99)
    assert all(torch.equal(first[key], again[key]) for key in first)
    for other in (made(kind, seed=1), made(kind, name="F")):
        assert not torch.equal(first["0.weight"], other["0.weight"])
    assert not torch.equal(first["0.weight"].flatten()[:9], first["2.weight"].flatten()[:9])


def test_an_unknown_rule_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="unknown init 'zeros'; choose from normal, xavier, kai"):
        initialise(nn.Linear(1, 1), "zeros", seed=0, name="G")
