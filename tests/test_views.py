from typing import NamedTuple

import pytest
import torch
from torch import Tensor, nn

from img2img.base.metrics.pictures import measure
from img2img.base.metrics.span import Span
from img2img.images import Labels, Levels
from img2img.views import NOISE, PAIRS, UNPAIRED, evaluating, pictures

RGB = Levels(channels=3)


class Both(NamedTuple):
    x: Tensor
    y: Tensor
    mask: Tensor | None = None
    mask_x: Tensor | None = None
    mask_y: Tensor | None = None


class Shift(nn.Module):
    def __init__(self, by):
        super().__init__()
        self.by = by

    def forward(self, x):
        return (x + self.by).clamp(-1, 1)


def measured(view, networks, batch, encodings, first):
    outputs = view.outputs(networks, batch, first)
    return view.figures(networks, batch, outputs, encodings, first)


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
    found = measured(PAIRS, networks, batch, (RGB, RGB), 0)
    saved = [pictures(values, RGB) for values in (batch.x + 0.25, batch.y)]
    assert found == measure(*saved, Span(0, 255))
    assert found["l1"].count == 2 and PAIRS.chooses((RGB, RGB)) == ("l1", "psnr", "ssim")


def test_what_a_mask_hides_is_not_measured(batch):
    mask = torch.ones(2, 1, 16, 16)
    mask[..., :8] = 0
    masked = batch._replace(mask=mask)
    changed = masked._replace(y=torch.where(mask > 0, batch.y, -batch.y))
    found = [measured(PAIRS, {"G": Shift(0.25)}, it, (RGB, RGB), 0) for it in (masked, changed)]
    assert found[0] == found[1] != measured(PAIRS, {"G": Shift(0.25)}, batch, (RGB, RGB), 0)


def test_labels_are_measured_by_class():
    labels = Labels(names=("a", "b", "c"))
    planes = torch.eye(3)[torch.tensor([[0, 1], [2, 2]])].movedim(-1, 0)[None] * 2 - 1
    wrong = planes.flip(-2)
    pair = Both(wrong, planes, mask=torch.tensor([[[[1.0, 1], [0, 0]]]]))
    encodings = (labels, labels)
    found = measured(PAIRS, {"G": nn.Identity()}, pair._replace(x=planes), encodings, 0)
    assert {name: figure.value for name, figure in found.items()} == {"accuracy": 1, "iou": 1}
    found = measured(PAIRS, {"G": nn.Identity()}, pair, encodings, 0)
    assert found["accuracy"].value == 0  # of the upper row alone
    both = (
        found["accuracy"]
        + measured(PAIRS, {"G": nn.Identity()}, pair._replace(x=planes), encodings, 1)["accuracy"]
    )
    assert both.value == 0.5
    assert PAIRS.chooses(encodings) == ("iou", "accuracy")


def test_unpaired_errors_are_mean_absolute_differences_of_values_in_0_1(batch):
    networks = {"G": Shift(0.25), "F": Shift(0.125)}
    figures = measured(UNPAIRED, networks, batch, (RGB, RGB), 0)
    found = {name: mean.value for name, mean in figures.items()}
    distance = found.pop("swd")
    assert found == pytest.approx(
        {"cycle_x": 0.1875, "cycle_y": 0.1875, "identity_y": 0.125, "identity_x": 0.0625}
    )
    batches = [batch._replace(x=batch.x[i : i + 1], y=batch.y[i : i + 1]) for i in range(2)]
    one, other = (measured(UNPAIRED, networks, it, (RGB, RGB), i) for i, it in enumerate(batches))
    assert distance == pytest.approx((one["swd"] + other["swd"]).value)
    titles = [column.title for column in UNPAIRED.columns(networks, batch)]
    assert titles == ["x", "G(x)", "F(G(x))", "y", "F(y)", "G(F(y))"]
    assert UNPAIRED.chooses((RGB, RGB)) == ("swd",)  # copying the input scores 0 in the others


def test_outputs_stand_beside_the_real_pictures_of_their_domain_and_their_own_masks(batch):
    networks = {"G": Shift(0.25), "F": Shift(0.125)}
    masks = [torch.rand(2, 1, 16, 16) for _ in range(3)]
    masked = Both(batch.x, batch.y, *masks)
    (pair,) = PAIRS.outputs(networks, masked, 0).values()
    assert pair.paired and pair.domain == 1 and pair.mask is pair.mask_reals is masks[0]
    both = UNPAIRED.outputs(networks, masked, 0)
    G, F = both["G"], both["F"]
    assert list(both) == ["G", "F"] and not (G.paired or F.paired)
    for made, inputs, reals, by in (
        (pair, "x", "y", 0.25),
        (G, "x", "y", 0.25),
        (F, "y", "x", 0.125),
    ):
        assert torch.equal(made.fakes, getattr(batch, inputs) + by)
        assert made.inputs is getattr(batch, inputs) and made.reals is getattr(batch, reals)
    assert (G.domain, F.domain) == (1, 0)
    assert G.mask is F.mask_reals is masks[1] and F.mask is G.mask_reals is masks[2]


def test_identity_is_not_asked_of_other_channels(batch):
    class Mean(Shift):
        def forward(self, x):
            return x.mean(1, keepdim=True).repeat(1, self.by, 1, 1)

    networks, few = {"G": Mean(3), "F": Mean(1)}, Both(batch.x[:, :1], batch.y)
    found = measured(UNPAIRED, networks, few, (Levels(channels=1), RGB), 0)
    assert set(found) == {"cycle_x", "cycle_y", "swd"}


def test_noise_is_the_same_at_every_look(batch):
    class Drawn(nn.Module):
        latent = 4

        def forward(self, z):
            return z[:, :3, None, None].repeat(1, 1, 8, 8)

    looks = [NOISE.columns({"G": Drawn()}, batch) for _ in range(2)]
    for one, other in zip(*looks, strict=True):
        assert torch.equal(one.values, other.values)
    assert not torch.equal(looks[0][0].values, looks[0][1].values)
    looks = [NOISE.outputs({"G": Drawn()}, batch, first)["G"].fakes for first in (0, 0, 2)]
    assert torch.equal(looks[0], looks[1]) and len(looks[0]) == len(batch.x)
    assert not torch.equal(looks[0], looks[2]) and not torch.equal(looks[0][0], looks[0][1])


def test_evaluating_leaves_networks_as_they_were():
    one, other = nn.Linear(1, 1).train(), nn.Linear(1, 1).eval()
    with pytest.raises(KeyError), evaluating(one, other):
        assert not one.training and not torch.is_grad_enabled()
        raise KeyError
    assert (one.training, other.training, torch.is_grad_enabled()) == (True, False, True)


def test_pictures_are_of_the_encodings_kind():
    (picture,) = pictures(torch.zeros(1, 1, 4, 6).bfloat16(), Levels(channels=1))
    assert (picture.shape, picture.dtype.name, picture[0, 0, 0]) == ((4, 6, 1), "uint8", 128)
