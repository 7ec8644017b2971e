"""What the trainers read of a batch; `data` hands them samples of this shape."""

from typing import Protocol

from torch import Tensor


class Pictures(Protocol):
    """x: (N, Cx, H, W) and y: (N, Cy, H, W) in [-1, 1]; a pair or of two domains."""

    @property
    def x(self) -> Tensor:
        """Pictures of the input domain X."""

    @property
    def y(self) -> Tensor:
        """Pictures of the output domain Y."""
