"""Pictures of the built-in town as values."""

from functools import lru_cache

import torch
from torch import Tensor

from img2img.data.town import town


@lru_cache
def townscapes(side: str, count: int = 32, *, size: int = 64, split: str = "val") -> Tensor:
    """(count, 3, size, size) in [-1, 1]; to be looked at, not changed."""
    scenes = getattr(town(0, size).splits[split], side)
    stacked = torch.stack([torch.from_numpy(scenes[i]) for i in range(count)])
    return stacked.permute(0, 3, 1, 2) / 127.5 - 1
