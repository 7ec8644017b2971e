import pytest
import torch
from torch import nn

from img2img.networks.upsampling import UPSAMPLINGS, upsample


@pytest.mark.parametrize("kernel", [3, 4])
@pytest.mark.parametrize("kind", UPSAMPLINGS)
def test_both_sides_are_doubled(kind: str, kernel: int) -> None:
    layer = upsample(kind, 3, 5, kernel=kernel, bias=True)
    for height, width in ((1, 1), (2, 3), (7, 4)):
        assert layer(torch.zeros(1, 3, height, width)).shape == (1, 5, 2 * height, 2 * width)


@pytest.mark.parametrize("kind", UPSAMPLINGS)
def test_the_bias_is_as_asked(kind: str) -> None:
    for bias in (True, False):
        keys = upsample(kind, 1, 1, kernel=4, bias=bias).state_dict()
        assert any(key.endswith("bias") for key in keys) == bias


@pytest.mark.parametrize(("kind", "board"), [("transpose", True), ("nearest", False),
                                             ("bilinear", False)])  # fmt: skip
def test_only_transposed_convolutions_leave_a_checkerboard(kind: str, board: bool) -> None:
    layer = upsample(kind, 1, 1, kernel=3, bias=False)
    for weight in layer.parameters():
        nn.init.ones_(weight)
    made = layer(torch.ones(1, 1, 6, 6))[..., 2:-2, 2:-2]
    assert (made.max() > made.min()) == board


def test_an_unknown_kind_is_one_sentence() -> None:
    with pytest.raises(ValueError, match="unknown upsampling 'cubic'; choose from transpose, near"):
        upsample("cubic", 1, 1, kernel=4, bias=True)
