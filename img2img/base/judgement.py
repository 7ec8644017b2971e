"""Judgement: what D says, and how much each of its logits counts."""

from collections.abc import Callable
from typing import NamedTuple

from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d


def over(mask: Tensor | None) -> Callable[[Tensor], Tensor]:
    """The mean of a map (N, C, h, w), each place weighted by how much of it the mask shows.

    mask: (N, 1, H, W) in [0, 1], averaged down to the map's size. What is hidden counts as 0 among
    all places, so that the parts of a batch add up to the whole and an empty mask divides nothing.
    """
    if mask is None:
        return Tensor.mean

    def mean(values: Tensor) -> Tensor:
        height, width = values.shape[-2:]
        return (values * adaptive_avg_pool2d(mask, (height, width))).mean()

    return mean


class Judgement(NamedTuple):
    """D's logits of some pictures, of any shape; (N, 1, h, w) where there is a mask."""

    logits: Tensor
    mask: Tensor | None = None
    """(N, 1, H, W) in [0, 1]: how much each pixel of the pictures counts."""

    def mean(self, values: Tensor) -> Tensor:
        """Over all logits, by what is visible of their patches."""
        return over(self.mask)(values)


def judge(D: nn.Module, pictures: Tensor, mask: Tensor | None) -> Judgement:
    """D on what is visible of the pictures."""
    return Judgement(D(pictures if mask is None else pictures * mask), mask)


def joint(one: Tensor | None, other: Tensor | None) -> Tensor | None:
    """What both masks show."""
    if one is None or other is None:
        return other if one is None else one
    return one * other
