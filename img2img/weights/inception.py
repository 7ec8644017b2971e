"""The FID Inception's layers as TensorFlow's graph calls them, and as pytorch-fid does."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

STEM = ("Conv2d_1a_3x3", "Conv2d_2a_3x3", "Conv2d_2b_3x3", "Conv2d_3b_1x1", "Conv2d_4a_3x3")
ENDS = {"conv": "branch1x1", "tower_2_conv": "branch_pool"}


def tower(number: str, *layers: str) -> dict[str, str]:
    """A column of an Inception block: conv, conv_1, ... by the names of theirs."""
    head = f"tower{number}_conv"
    return {f"{head}_{i}" if i else head: layer for i, layer in enumerate(layers)}


DOUBLE_3 = [f"branch3x3dbl_{i}" for i in (1, 2, 3)]
A = ENDS | tower("", "branch5x5_1", "branch5x5_2") | tower("_1", *DOUBLE_3)
B = {"conv": "branch3x3"} | tower("", *DOUBLE_3)
C = (
    ENDS
    | tower("", *(f"branch7x7_{i}" for i in (1, 2, 3)))
    | tower("_1", *(f"branch7x7dbl_{i}" for i in (1, 2, 3, 4, 5)))
)
D = tower("", "branch3x3_1", "branch3x3_2") | tower(
    "_1", *(f"branch7x7x3_{i}" for i in (1, 2, 3, 4))
)
E = (
    ENDS
    | {"tower_conv": "branch3x3_1"}
    | {"tower_mixed_conv": "branch3x3_2a", "tower_mixed_conv_1": "branch3x3_2b"}
    | tower("_1", "branch3x3dbl_1", "branch3x3dbl_2")
    | {"tower_1_mixed_conv": "branch3x3dbl_3a", "tower_1_mixed_conv_1": "branch3x3dbl_3b"}
)
BLOCKS = (
    ("5b", A), ("5c", A), ("5d", A), ("6a", B), ("6b", C), ("6c", C), ("6d", C), ("6e", C),
    ("7a", D), ("7b", E), ("7c", E),
)  # fmt: skip
KINDS = {
    "weight": "conv.weight",
    "beta": "bn.bias",
    "mean": "bn.running_mean",
    "var": "bn.running_var",
}


def renamed(key: str) -> str:
    """pytorch-fid's name of a tensor, from `mixed_3.tower.conv_1.beta`, say."""
    head, *inner, kind = key.split(".")
    number = int(head.partition("_")[2] or 0)
    if not inner:
        return f"{STEM[number]}.{KINDS[kind]}"
    letter, layers = BLOCKS[number]
    return f"Mixed_{letter}.{layers['_'.join(inner)]}.{KINDS[kind]}"


def translated(state: "dict[str, Tensor]") -> "dict[str, Tensor]":
    """The graph's state under pytorch-fid's names; its norms have no scale: 1 is written out."""
    result = {renamed(key): tensor for key, tensor in state.items()}
    for key in list(result):
        if key.endswith("bn.bias"):
            result[key.removesuffix("bias") + "weight"] = result[key].new_ones(result[key].shape)
    return result
