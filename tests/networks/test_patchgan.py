import pytest
import torch
from fields import measured_field, positive
from hypothesis import given
from hypothesis import strategies as st

from img2img.base.norms import NORMS
from img2img.networks.patchgan import PatchGAN


@pytest.mark.parametrize(("layers", "pixels"), [(0, 1), (1, 16), (2, 34), (3, 70), (5, 286)])
def test_a_logit_sees_as_many_pixels_as_the_paper_says(layers: int, pixels: int) -> None:
    D = positive(PatchGAN(in_channels=1, channels=1, layers=layers, norm="none"))
    assert D.receptive_field == pixels
    assert measured_field(D, 2 * pixels + 40) == pixels


@given(layers=st.integers(0, 4), height=st.integers(1, 90), width=st.integers(1, 90))
def test_any_picture_of_the_smallest_side_or_more_has_a_logit_of_its_own_patch(
    layers: int, height: int, width: int
) -> None:
    with torch.device("meta"):
        D = PatchGAN(channels=1, layers=layers, norm="none")
        image = torch.empty(2, 3, height, width)
    if min(height, width) < D.smallest:
        with pytest.raises(RuntimeError, match="size"):
            D(image)
    else:
        n, channels, rows, columns = D(image).shape
        assert (n, channels) == (2, 1) and rows >= 1 and columns >= 1
        if layers == 0:
            assert (rows, columns) == (height, width)


def test_256_pixels_give_30_by_30_logits() -> None:
    with torch.device("meta"):
        assert PatchGAN()(torch.empty(1, 3, 256, 256)).shape == (1, 1, 30, 30)


@pytest.mark.parametrize(
    ("options", "weights"),
    [
        ({"in_channels": 6, "norm": "batch"}, 2_768_705),
        ({"in_channels": 3, "norm": "instance"}, 2_764_737),
        ({"in_channels": 6, "layers": 0, "norm": "batch"}, 9_024),
        ({"in_channels": 3, "layers": 0, "norm": "instance"}, 8_705),
    ],
)
def test_it_has_as_many_weights_as_the_reference(options: dict[str, int], weights: int) -> None:
    with torch.device("meta"):
        assert sum(weight.numel() for weight in PatchGAN(**options).parameters()) == weights


@pytest.mark.parametrize("norm", NORMS)
def test_every_norm_judges(norm: str) -> None:
    assert PatchGAN(channels=4, norm=norm)(torch.zeros(2, 3, 32, 32)).isfinite().all()
