"""Interpolation: the pictures on a way through the noise of several seeds."""

from typing import Any, Literal, NamedTuple

from torch import Tensor

from img2img.base.latents import along, lerp, slerp, stops
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

    @property
    def length(self) -> int:
        """How many frames there are in all.

        Raises:
            ValueError: fewer than two seeds, or than two frames.
        """
        return stops(len(self.seeds), self.frames, closed=self.closed)

    def check(self) -> None:
        """Raise ValueError unless there is such a way."""
        if self.path not in WAYS:
            raise UsageError(f"unknown path {self.path!r}; choose from {', '.join(WAYS)}")
        _ = self.length

    def facts(self) -> dict[str, Any]:
        """What it is, as JSON has it."""
        return self._asdict() | {"seeds": list(self.seeds)}

    def latents(self, sampler: Sampler, truncation: float | None = None) -> Tensor:
        """The noise of every frame, (N, latent)."""
        keys = sampler.latents(self.seeds, truncation)
        return along([*keys], self.frames, WAYS[self.path], closed=self.closed)
