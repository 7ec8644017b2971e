import pytest
import torch
from torchvision.models import inception_v3

from img2img.weights.inception import BLOCKS, KINDS, STEM, renamed, translated


@pytest.fixture(scope="module")
def theirs() -> set[str]:
    """The names of torchvision's Inception, which pytorch-fid's are, up to the classifier."""
    with torch.device("meta"):
        keys = inception_v3(weights=None, aux_logits=False, init_weights=False).state_dict()
    return {k for k in keys if not k.startswith("fc.") and "num_batches" not in k}


def graph() -> list[str]:
    """Every name of TensorFlow's graph."""
    stem = ["conv", *(f"conv_{i}" for i in range(1, len(STEM)))]
    heads = ["mixed", *(f"mixed_{i}" for i in range(1, len(BLOCKS)))]
    mixed = [
        f"{h}.{layer}" for h, (_, layers) in zip(heads, BLOCKS, strict=True) for layer in layers
    ]
    return [f"{layer}.{kind}" for layer in [*stem, *mixed] for kind in KINDS]


def test_the_graphs_layers_are_all_of_the_networks_and_each_once(theirs: set[str]) -> None:
    found = [renamed(key) for key in graph()]
    assert len(found) == len(set(found)) == 4 * 94
    assert {*found} == {key for key in theirs if not key.endswith("bn.weight")}
    assert translated({key: torch.zeros(2) for key in graph()}).keys() == theirs


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("conv_4.var", "Conv2d_4a_3x3.bn.running_var"),
        ("mixed.tower.conv_1.weight", "Mixed_5b.branch5x5_2.conv.weight"),
        ("mixed_3.conv.beta", "Mixed_6a.branch3x3.bn.bias"),
        ("mixed_7.tower_1.conv_4.mean", "Mixed_6e.branch7x7dbl_5.bn.running_mean"),
        ("mixed_10.tower_1_mixed_conv_1.weight", "Mixed_7c.branch3x3dbl_3b.conv.weight"),
    ],
)
def test_a_layer_is_found_by_its_block_and_tower(key: str, name: str) -> None:
    assert renamed(key) == name


def test_norms_without_a_scale_scale_by_one() -> None:
    state = translated({"conv.beta": torch.tensor([2.0, 3.0])})
    assert state["Conv2d_1a_3x3.bn.bias"].tolist() == [2, 3]
    assert state["Conv2d_1a_3x3.bn.weight"].tolist() == [1, 1]
