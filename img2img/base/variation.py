"""Variation: how much the pictures of a batch differ, for D to see (Karras et al. 2018)."""

import torch
from torch import Tensor, nn

GROUP = 4  # the authors' code
EPSILON = 1e-8


def group_size(rows: int) -> int:
    """The largest number of rows, up to 4, into which a batch falls evenly."""
    return max(size for size in range(1, GROUP + 1) if rows % size == 0)


class MinibatchDeviation(nn.Module):
    """One more channel: the standard deviation over a group, averaged over C, H, W (section 3).

    A group is up to 4 pictures that follow each other, so that a part of a batch, if it is a
    multiple of its groups, gets what it would get in the whole. Pictures that are all the same,
    or alone, get the root of epsilon, 1e-4.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C + 1, H, W)."""
        size = group_size(len(x))
        variance = x.reshape(-1, size, *x.shape[1:]).var(1, correction=0)
        deviation = (variance + EPSILON).sqrt().mean((1, 2, 3)).repeat_interleave(size)
        return torch.cat([x, deviation[:, None, None, None].expand_as(x[:, :1])], 1)
