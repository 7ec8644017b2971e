"""Judgement: what D says, and how much each of its logits counts."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

TINY = 1e-12  # smaller than the share of one visible pixel


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


class Verdict(NamedTuple):
    """What a D returns that has more to say than logits."""

    logits: Tensor
    features: Tensor
    """(N, d): how it sees each picture."""


class Judgement(NamedTuple):
    """D's logits of some pictures, of any shape; (N, 1, h, w) where there is a mask.

    The higher, the more real: a D that measures energies gives them with a minus.
    """

    logits: Tensor
    mask: Tensor | None = None
    """(N, 1, H, W) in [0, 1]: how much each pixel of the pictures counts."""
    features: Tensor | None = None
    """(N, d), of a D that gives them."""

    def mean(self, values: Tensor) -> Tensor:
        """Over all logits, by what is visible of their patches."""
        return over(self.mask)(values)

    def average(self, values: Tensor) -> Tensor:
        """Over what is visible alone, of which hidden places take nothing away; 0 of nothing."""
        visible = self.mean(torch.ones_like(values))
        return self.mean(values) / visible.clamp_min(TINY)


def judge(D: nn.Module, pictures: Tensor, mask: Tensor | None = None) -> Judgement:
    """D on pictures as they are; the mask says how much its logits count."""
    said = D(pictures)
    if isinstance(said, Verdict):
        return Judgement(said.logits, mask, said.features)
    return Judgement(said, mask)


def shown(pictures: Tensor, mask: Tensor | None) -> Tensor:
    """What is visible of pictures, 0 elsewhere."""
    return pictures if mask is None else pictures * mask


def joint(one: Tensor | None, other: Tensor | None) -> Tensor | None:
    """What both masks show."""
    if one is None or other is None:
        return other if one is None else one
    return one * other
