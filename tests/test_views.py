from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn

from img2img.base.metrics.pictures import measure
from img2img.base.metrics.span import Span
from img2img.images import Encoding
from img2img.views import NOISE, PAIRS, UNPAIRED, evaluating, pictures


class Both(NamedTuple):
    x: Tensor
    y: Tensor


class Shift(nn.Module):
    def __init__(self, by):
        super().__init__()
        self.by = by

    def forward(self, x):
        return (x + self.by).clamp(-1, 1)


@pytest.fixture
def batch():
    draw = torch.Generator().manual_seed(0)
    return Both(*(torch.rand(2, 3, 16, 16, generator=draw) - 0.5 for _ in "xy"))


def test_pairs_show_input_output_and_target_and_measure_as_evaluate_does(batch):
    networks = {"G": Shift(0.25)}
    columns = PAIRS.columns(networks, batch)
    assert [column.title for column in columns] == ["input", "output", "target"]
    assert [column.domain for column in columns] == [0, 1, 1]
    assert torch.equal(columns[1].values, batch.x + 0.25)
    found = PAIRS.figures(networks, batch)
    saved = [pictures(values, Encoding(channels=3)) for values in (batch.x + 0.25, batch.y)]
    assert found == measure(*saved, Span(0, 255))
    assert found["l1"].count == 2 and PAIRS.chooses


def test_unpaired_errors_are_mean_absolute_differences_of_values_in_0_1(batch):
    networks = {"G": Shift(0.25), "F": Shift(0.125)}
    found = {name: mean.value for name, mean in UNPAIRED.figures(networks, batch).items()}
    assert found == pytest.approx(
        {"cycle_x": 0.1875, "cycle_y": 0.1875, "identity_y": 0.125, "identity_x": 0.0625}
    )
    titles = [column.title for column in UNPAIRED.columns(networks, batch)]
    assert titles == ["x", "G(x)", "F(G(x))", "y", "F(y)", "G(F(y))"]
    assert not UNPAIRED.chooses  # copying the input scores 0


def test_identity_is_not_asked_of_other_channels(batch):
    class Mean(Shift):
        def forward(self, x):
            return x.mean(1, keepdim=True).repeat(1, self.by, 1, 1)

    found = UNPAIRED.figures({"G": Mean(3), "F": Mean(1)}, Both(batch.x[:, :1], batch.y))
    assert set(found) == {"cycle_x", "cycle_y"}


def test_noise_is_the_same_at_every_look(batch):
    class Drawn(nn.Module):
        latent = 4

        def forward(self, z):
            return z[:, :3, None, None].repeat(1, 1, 8, 8)

    looks = [NOISE.columns({"G": Drawn()}, batch) for _ in range(2)]
    for one, other in zip(*looks, strict=True):
        assert torch.equal(one.values, other.values)
    assert not torch.equal(looks[0][0].values, looks[0][1].values)


def test_evaluating_leaves_networks_as_they_were():
    one, other = nn.Linear(1, 1).train(), nn.Linear(1, 1).eval()
    with pytest.raises(KeyError), evaluating(one, other):
        assert not one.training and not torch.is_grad_enabled()
        raise KeyError
    assert (one.training, other.training, torch.is_grad_enabled()) == (True, False, True)


def test_pictures_are_of_the_encodings_kind():
    (picture,) = pictures(torch.zeros(1, 1, 4, 6).bfloat16(), Encoding(channels=1))
    assert (picture.shape, picture.dtype.name, picture[0, 0, 0]) == ((4, 6, 1), "uint8", 128)
