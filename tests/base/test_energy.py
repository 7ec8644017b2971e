from math import sqrt

import pytest
import torch
import toys
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from img2img.base.draws import seeded
from img2img.base.energy import Autoencoder, likeness
from img2img.base.initialise import initialise
from img2img.base.runtime import Runtime
from img2img.base.trainer import Optimizer, fit


def autoencoder(size: int = 16, **options: int | str) -> Autoencoder:
    made = Autoencoder(**{"in_channels": 3, "channels": 4, "size": size, **options})
    initialise(made, "normal", seed=0, name="D", gain=0.2)
    return made.double()


def pictures(*shape: int) -> torch.Tensor:
    return torch.rand(shape, generator=seeded("x"), dtype=torch.float64) * 2 - 1


@settings(max_examples=20)
@given(size=st.integers(8, 40), height=st.integers(8, 40), width=st.integers(8, 40))
def test_any_size_has_one_logit_and_one_code_a_picture(size: int, height: int, width: int) -> None:
    said = Autoencoder(in_channels=4, channels=2, size=size)(torch.ones(3, 4, height, width))
    assert said.logits.shape == (3, 1, 1, 1)
    assert said.features.shape[0] == 3 and said.features.ndim == 2


@pytest.mark.parametrize("norm", ["batch", "instance", "group", "none"])
@pytest.mark.parametrize("shape", [(16, 16), (13, 18)])
def test_the_logit_is_minus_the_root_mean_square_of_what_it_draws_wrong(
    norm: str, shape: tuple[int, int]
) -> None:
    D, x = autoencoder(norm=norm), pictures(2, 3, *shape)
    drawn: list[torch.Tensor] = []
    D.decoder.register_forward_hook(lambda _, __, made: drawn.append(made))
    logits, codes = D(x)
    error = drawn[0][..., : shape[0], : shape[1]] - x
    for i in range(2):
        expected = error[i].norm() / sqrt(error[i].numel())
        assert -logits[i].item() == pytest.approx(expected.item(), rel=1e-12)
    assert torch.equal(codes, D.encoder(x if shape == (16, 16) else padded(x)).flatten(1))


def padded(x: torch.Tensor) -> torch.Tensor:
    return nn.functional.pad(x, (0, x.shape[-1] % 2, 0, x.shape[-2] % 2))


def test_an_error_of_a_tenth_is_an_energy_of_a_tenth_at_every_size() -> None:
    for size in (16, 64):
        D = autoencoder(size)
        for weight in D.parameters():
            nn.init.zeros_(weight)
        x = torch.full((1, 3, size, size), 0.1, dtype=torch.float64)
        assert D(x).logits.item() == pytest.approx(-0.1)
        assert D(0 * x).logits.item() == pytest.approx(0, abs=1e-11)


def test_a_picture_drawn_without_fault_has_a_finite_gradient() -> None:
    D = autoencoder()
    for weight in D.parameters():
        nn.init.zeros_(weight)
    D(torch.zeros(1, 3, 16, 16).double()).logits.sum().backward()
    assert all(weight.grad.isfinite().all() for weight in D.parameters() if weight.grad is not None)


def test_64_pixels_have_the_papers_layers() -> None:
    with torch.device("meta"):
        small, large = Autoencoder(), Autoencoder(size=256)
    widths = [m.out_channels for m in small.encoder if isinstance(m, nn.Conv2d)]
    assert widths == [64, 128, 256]
    widths = [m.out_channels for m in small.decoder if isinstance(m, nn.ConvTranspose2d)]
    assert widths == [128, 64, 3]
    assert large.stride == 32 and small.stride == 8


@pytest.mark.parametrize("size", [0, 7])
def test_too_small_a_size_is_one_sentence(size: int) -> None:
    with pytest.raises(ValueError, match=f"squares of at least 8 pixels, not {size}"):
        Autoencoder(size=size)


def test_it_learns_what_pictures_look_like() -> None:
    trainer = toys.unconditional(gan=toys.ENERGY_BASED)
    player = trainer.players["D"]
    optimizer = Optimizer(torch.optim.Adam(player.weights()), lambda _: 0.01)
    trainer.players = {"D": player}
    tiles = torch.sign(pictures(8, 3, 1, 1)).expand(-1, -1, 16, 16)  # plain colours
    steps = list(fit(trainer, [toys.Pictures(tiles, tiles)] * 60, {"D": optimizer}, Runtime("cpu")))
    noise = pictures(8, 3, 16, 16)
    with torch.no_grad():
        known, strange = (-trainer.D(x).logits.mean().item() for x in (tiles, noise))
    print(f"energy of plain pictures {known:.2f}, of noise {strange:.2f}")
    assert 2 * known < strange
    assert steps[-1].losses["D"] < steps[0].losses["D"]


def test_likeness_is_0_of_orthogonal_codes_and_1_of_alike_ones() -> None:
    assert likeness(2 * torch.eye(4)).item() == 0
    one = pictures(1, 7)
    alike = one * torch.tensor([[1.0], [3.0], [-0.5]])  # whatever their lengths and signs
    assert likeness(alike).item() == pytest.approx(1, abs=1e-12)
    assert likeness(one).item() == 0


def test_likeness_is_the_mean_squared_cosine_of_all_pairs() -> None:
    codes = pictures(5, 3)
    cosines = [
        torch.cosine_similarity(codes[i], codes[j], dim=0).item() ** 2
        for i in range(5)
        for j in range(5)
        if i != j
    ]
    assert likeness(codes).item() == pytest.approx(sum(cosines) / 20)
    codes.requires_grad_()
    likeness(codes).backward()
    closer = codes.detach() - 0.01 * codes.grad
    assert likeness(closer) < likeness(codes)
