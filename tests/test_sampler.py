import re

import numpy as np
import pytest
import torch
from drawing import described, drawing
from PIL import Image
from tiny import played
from torch import nn

from img2img.arithmetic import Term, computed, latents, parsed
from img2img.base import progressive
from img2img.base.weights import load_weights
from img2img.generator import Generator
from img2img.images import Levels
from img2img.models import load_generator, load_sampler, load_translator
from img2img.sampler import Sampler


@pytest.fixture
def sampler(tmp_path):
    return load_sampler(drawing(tmp_path / "run"), device="cpu")


class Linear(nn.Module):
    """A picture of one row whose pixels are the noise, scaled; in a range of its own."""

    latent = 4
    output_range = (0.0, 8.0)

    def forward(self, z):
        return 4 + z[:, None, None, :]


def linear(**output):
    encoding = Levels(channels=1, dtype="float32", low=-4, high=4).model_dump() | output
    return Sampler(Linear(), described() | {"output": encoding})


def test_a_seeds_picture_does_not_depend_on_how_many_are_drawn(sampler) -> None:
    many = sampler.sample(5, seed=3)
    assert len(many) == 5 and many[0].shape == (8, 8, 3) and many[0].dtype == np.uint8
    for place, seed in enumerate(range(3, 8)):
        assert np.array_equal(sampler.sample(1, seed)[0], many[place])
    assert len({picture.tobytes() for picture in many}) == 5


def test_noise_is_normal_and_follows_from_the_seed_alone(sampler) -> None:
    rows = sampler.latents(range(2000))
    assert rows.shape == (2000, 6) and rows[7].equal(sampler.latents([7])[0])
    assert abs(rows.mean()) < 0.03 and abs(rows.std() - 1) < 0.03


def test_truncated_pictures_follow_from_seed_and_truncation(sampler) -> None:
    cut = sampler.latents(range(50), 0.5)
    assert cut.abs().max() <= 0.5 and cut[9].equal(sampler.latents([9], 0.5)[0])
    (drawn,) = sampler.sample(1, 9, truncation=0.5)
    assert np.array_equal(drawn, sampler.draw(cut[9:10])[0])
    assert not np.array_equal(drawn, sampler.sample(1, 9)[0])


def test_called_it_returns_what_the_network_does_with_each_row_alone(sampler) -> None:
    z = sampler.latents([1, 2])
    made = sampler(z)
    assert made.shape == (2, 3, 8, 8)
    with torch.no_grad():
        assert made[1:].equal(sampler.network(z[1:]))


def test_batch_norm_is_that_of_the_file(tmp_path) -> None:
    own = load_sampler(drawing(tmp_path / "image", batch_norm="image"), device="cpu")
    kept = load_sampler(drawing(tmp_path / "running"), device="cpu")
    assert (own.batch_norm, kept.batch_norm) == ("image", "running")
    assert not np.array_equal(own.sample(1)[0], kept.sample(1)[0])
    asked = load_generator(tmp_path / "image", device="cpu", batch_norm="running")
    assert np.array_equal(asked.sample(1)[0], kept.sample(1)[0])


def test_a_networks_own_range_is_where_its_pictures_end() -> None:
    made = linear()(torch.tensor([[-9.0, -4.0, 2.0, 9.0]]))
    assert made.tolist() == [[[[-1.0, -1.0, 0.5, 1.0]]]]


def test_pictures_are_encoded_as_the_runs_own() -> None:
    (picture,) = linear().draw(torch.tensor([[-9.0, -4.0, 2.0, 9.0]]))
    assert picture.dtype == np.float32 and picture[0, :, 0].tolist() == [-4, -4, 2, 4]


def test_king_minus_man_plus_woman_is_exact_for_a_linear_network() -> None:
    sampler = linear()
    terms = parsed("1,2,3 - 4,5 + 6,7")
    means, total = latents(sampler, terms)
    pixels = [sampler.latents(term.seeds).double().mean(0) for term in terms]
    for mean, expected in zip(means, pixels, strict=True):
        assert torch.allclose(mean.double(), expected, atol=1e-6)
    assert total.equal(means[0] - means[1] + means[2])
    king, man, woman = (
        picture[0, :, 0].astype(float) for picture in computed(sampler, terms).terms
    )
    made = computed(sampler, terms).picture[0, :, 0]
    assert made == pytest.approx(np.clip(king - man + woman, -4, 4), abs=1e-6)


@pytest.mark.parametrize(("steps", "level", "side"), [(4, 0.25, 8), (12, 1.25, 16)])
def test_a_run_stopped_in_a_fade_draws_as_far_as_it_has_grown(tmp_path, steps, level, side) -> None:
    growth = {"fade": 8, "stable": 8, "batches": (4, 2)}
    options = {"generator": {"latent": 4}, "optimization": {"ema": 0.9}, "growth": growth}
    run = played("progressive", tmp_path, steps=steps, **options)
    sampler = load_generator(run, device="cpu")
    assert [made.shape for made in sampler.sample(2, seed=0)] == [(side, side, 3)] * 2
    weights, metadata = load_weights(run / "generator.safetensors")
    network = progressive.Generator(latent=4, channels=4, size=32, level=level)
    network.load_state_dict(weights)
    assert metadata["network"]["options"]["level"] == level
    z = sampler.latents([0, 1])
    with torch.no_grad():
        expected = torch.cat([network(row[None]) for row in z]).clamp(-1, 1)
    assert sampler(z).equal(expected)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("1,2,3 - 4,5 + 6,7", [(1, (1, 2, 3)), (-1, (4, 5)), (1, (6, 7))]),
        (" 12 ", [(1, (12,))]),
        ("-1+ 2 , 3", [(-1, (1,)), (1, (2, 3))]),
        ("+0-0", [(1, (0,)), (-1, (0,))]),
    ],
)
def test_arithmetic_is_read(text, terms) -> None:
    assert parsed(text) == [Term(*term) for term in terms]


@pytest.mark.parametrize("text", ["", "1 2", "1,", "1 - ", "1 -- 2", "a + b", "1.5", "1 * 2", "٣"])
def test_what_is_no_arithmetic_is_one_sentence(text) -> None:
    with pytest.raises(ValueError, match=re.escape(f"{text!r} is no arithmetic of seeds; write")):
        parsed(text)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (Image.new("L", (8, 8)), "cannot draw from a Image; give noise (N, 6)"),
        (torch.zeros(6), "cannot draw from torch.float32 of (6,); give floats (N, 6)"),
        (torch.zeros(0, 6), "cannot draw from torch.float32 of (0, 6); give floats (N, 6)"),
        (torch.zeros(2, 5), "cannot draw from torch.float32 of (2, 5); give floats (N, 6)"),
        (torch.zeros(2, 6).long(), "cannot draw from torch.int64 of (2, 6); give floats (N, 6)"),
        (torch.full((1, 6), torch.nan), "output is not finite; its weights are damaged"),
    ],
)
def test_what_is_no_noise_is_one_sentence(sampler, given, message) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        sampler(given)


def test_nothing_to_draw_is_one_sentence(sampler) -> None:
    with pytest.raises(ValueError, match=r"^0 pictures cannot be drawn; choose 1 or more"):
        sampler.sample(0)
    with pytest.raises(ValueError, match=r"^-1 is no seed; choose 0 or more"):
        sampler.sample(1, -1)
    with pytest.raises(ValueError, match=r"^no seeds, no noise"):
        sampler.latents([])


def test_a_model_is_loaded_as_what_it_is(tmp_path) -> None:
    run = drawing(tmp_path / "run")
    assert isinstance(load_generator(run, device="cpu"), Sampler)
    assert isinstance(load_generator("builtin:bicubic-x2", device="cpu"), Generator)
    with pytest.raises(ValueError, match="draws from noise and translates nothing; give another"):
        load_translator(run, scale="native")
    with pytest.raises(ValueError, match="draws nothing from noise; use `img2img translate` with"):
        load_sampler("builtin:bicubic-x2")
    with pytest.raises(ValueError, match="draws from noise; leave scale and ensemble out"):
        load_generator(run, scale="native", ensemble=True)
