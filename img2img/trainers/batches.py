"""What the trainers read of a batch; `data` hands them samples of these shapes."""

from typing import Protocol

from torch import Tensor


class Pictures(Protocol):
    """x: (N, Cx, H, W) and y: (N, Cy, H, W) in [-1, 1]."""

    @property
    def x(self) -> Tensor:
        """Pictures of the input domain X."""

    @property
    def y(self) -> Tensor:
        """Pictures of the output domain Y."""


class Pair(Pictures, Protocol):
    """The same scenes in both domains."""

    @property
    def mask(self) -> Tensor | None:
        """(N, 1, H, W) in [0, 1]: how much each pixel of y counts; None where all do."""


class Domains(Pictures, Protocol):
    """Scenes of each domain that have nothing to do with each other."""

    @property
    def mask_x(self) -> Tensor | None:
        """(N, 1, H, W) in [0, 1]: how much each pixel of x counts; None where all do."""

    @property
    def mask_y(self) -> Tensor | None:
        """Likewise of y."""


class Resolutions(Protocol):
    """low: (N, C, H, W) and high: (N, C, rH, rW) in [-1, 1], the same pictures r times larger."""

    @property
    def low(self) -> Tensor:
        """What is to be enlarged: the paper's I^LR."""

    @property
    def high(self) -> Tensor:
        """What it is to become: the paper's I^HR."""

    @property
    def mask(self) -> Tensor | None:
        """(N, 1, rH, rW) in [0, 1]: how much each pixel of `high` counts; None where all do."""
