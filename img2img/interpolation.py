"""Interpolation: the pictures on a way through the noise of several seeds."""

from typing import Literal, NamedTuple

from torch import Tensor

from img2img.base.latents import along, lerp, slerp
from img2img.config import UsageError
from img2img.sampler import Sampler

WAYS = {"spherical": slerp, "linear": lerp}


class Interpolation(NamedTuple):
    """Which way is taken."""

    seeds: tuple[int, ...]
    frames: int = 30
    """Of a stretch between two seeds, both ends among them."""
    path: Literal["spherical", "linear"] = "spherical"
    closed: bool = False
    """Whether the last stretch leads back to the first seed."""

    def check(self) -> None:
        """Raise UsageError unless there is such a way."""
        if len(self.seeds) < 2:
            raise UsageError("one seed leads nowhere; give --interpolate two seeds or more")
        if self.frames < 2:
            raise UsageError(f"{self.frames} frames do not reach both ends; choose 2 or more")
        if self.path not in WAYS:
            raise UsageError(f"unknown path {self.path!r}; choose from {', '.join(WAYS)}")

    def latents(self, sampler: Sampler, truncation: float | None = None) -> Tensor:
        """The noise of every frame, (N, latent)."""
        keys = sampler.latents(self.seeds, truncation)
        return along([*keys], self.frames, WAYS[self.path], closed=self.closed)
