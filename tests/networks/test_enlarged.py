import numpy as np
import pytest
import torch
from fields import measured_field
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from torch import Tensor

from img2img.base.draws import seeded
from img2img.networks.enlarged import Bicubic, bicubic

SCALES = [2, 3, 4, 5, 8]


def picture(*shape: int) -> Tensor:
    return torch.rand(shape, generator=seeded(0), dtype=torch.float64) * 2 - 1


@pytest.mark.parametrize("scale", SCALES)
def test_inside_it_is_pillows_bicubic(scale: int) -> None:
    x = picture(1, 1, 11, 14)
    whole = Image.fromarray(x[0, 0].float().numpy())
    expected = np.asarray(whole.resize((14 * scale, 11 * scale), Image.Resampling.BICUBIC))
    inside = slice(2 * scale, -2 * scale)  # at the edge Pillow leaves out what is not there
    found = bicubic(x, scale)[0, 0, inside, inside].numpy()
    assert np.abs(found - expected[inside, inside]).max() < 1e-5


@given(
    scale=st.sampled_from(SCALES),
    rows=st.integers(1, 7),
    columns=st.integers(1, 7),
    value=st.floats(-5, 5),
)
def test_a_constant_stays_one_to_the_edge(
    scale: int, rows: int, columns: int, value: float
) -> None:
    made = bicubic(torch.full((2, 3, rows, columns), value, dtype=torch.float64), scale)
    assert made.shape == (2, 3, scale * rows, scale * columns)
    torch.testing.assert_close(made, torch.full_like(made, value), rtol=0, atol=1e-13)


@given(scale=st.sampled_from(SCALES), down=st.floats(-3, 3), right=st.floats(-3, 3))
def test_a_ramp_stays_one_inside_at_half_pixel_centres(
    scale: int, down: float, right: float
) -> None:
    def ramp(side: int, step: float) -> Tensor:
        at = (torch.arange(side, dtype=torch.float64) + 0.5) * step
        return down * at[:, None] + right * at

    made = bicubic(ramp(9, 1.0)[None, None], scale)[0, 0]
    inside = slice(2 * scale, -2 * scale)
    expected = ramp(9 * scale, 1 / scale)
    torch.testing.assert_close(made[inside, inside], expected[inside, inside], rtol=0, atol=1e-12)


def test_the_middle_of_an_odd_scale_is_the_pixel_itself() -> None:
    x = picture(2, 3, 5, 4)
    torch.testing.assert_close(bicubic(x, 3)[..., 1::3, 1::3], x, rtol=0, atol=1e-15)


@pytest.mark.parametrize("scale", SCALES)
def test_a_channel_sees_itself_alone(scale: int) -> None:
    x = picture(2, 3, 5, 4)
    alone = torch.cat([bicubic(x[:, [channel]], scale) for channel in range(3)], 1)
    assert torch.equal(bicubic(x, scale), alone)


@pytest.mark.parametrize("scale", SCALES)
def test_the_baseline_is_bicubic(scale: int) -> None:
    x = picture(2, 1, 5, 4).float()
    assert torch.equal(Bicubic(in_channels=1, out_channels=1, scale=scale)(x), bicubic(x, scale))


@pytest.mark.parametrize("scale", SCALES)
def test_an_output_pixel_sees_its_receptive_field(scale: int) -> None:
    network = Bicubic(in_channels=1, out_channels=1, scale=scale).double()
    assert measured_field(network, 24) == network.receptive_field


def test_other_channels_than_it_takes_are_one_sentence() -> None:
    with pytest.raises(ValueError, match="but in_channels is 1 and out_channels 3; make them eq"):
        Bicubic(in_channels=1)
