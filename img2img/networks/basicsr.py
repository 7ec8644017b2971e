"""BasicSR's MSRResNet, told by the names and shapes of its tensors."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from torch import Tensor

BLOCK = re.compile(r"body\.(\d+)\.conv([12])\.(weight|bias)")
STEMS = {
    "conv_first": "first.0",
    "upconv1": "up.0",
    "upconv2": "up.3",
    "conv_hr": "last.0",
    "conv_last": "last.2",
}
"""Their layers outside of the blocks, and ours."""


def msrresnet(state: Mapping[str, Tensor]) -> tuple[dict[str, Any], Callable[[str], str]]:
    """Our options, and how their keys are renamed.

    Raises:
        KeyError: a layer is missing, or its width belongs to no scale.
    """
    channels, in_channels = state["conv_first.weight"].shape[:2]
    planes = state["upconv1.weight"].shape[0]
    options = {
        "in_channels": in_channels,
        "out_channels": state["conv_last.weight"].shape[0],
        "channels": channels,
        "blocks": len({match[1] for key in state if (match := BLOCK.fullmatch(key))}),
        "scale": 4 if "upconv2.weight" in state else {4 * channels: 2, 9 * channels: 3}[planes],
    }

    def rename(key: str) -> str:
        if block := BLOCK.fullmatch(key):
            return f"body.{block[1]}.layers.{2 * int(block[2]) - 2}.{block[3]}"
        stem, _, name = key.rpartition(".")
        return f"{STEMS[stem]}.{name}" if stem in STEMS else f"their {key}"  # none of ours

    return options, rename
