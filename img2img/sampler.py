"""Sampler: a trained network that draws pictures from noise, with all that is needed to use it."""

from collections.abc import Iterable
from typing import Any, Literal

import torch
from torch import Tensor, nn

from img2img.base import draws
from img2img.base.growth import levels, side
from img2img.base.latents import truncated
from img2img.base.norms import use_image_statistics
from img2img.base.ranges import SIGNED, rescaled
from img2img.config import UsageError
from img2img.images import Picture, described


class Sampler:
    """Called with noise (N, latent) ~ N(0, 1) it returns pictures (N, C, H, W) in [-1, 1].

    Each is made alone: what a seed draws depends on the seed, never on what is drawn beside it.
    """

    def __init__(
        self,
        network: nn.Module,
        metadata: dict[str, Any],
        *,
        device: torch.device | str = "cpu",
        batch_norm: Literal["image", "running"] | None = None,
    ) -> None:
        self.metadata, self.output = metadata, described(metadata["output"])
        self.batch_norm = batch_norm or metadata["batch_norm"]
        self.device = torch.device(device)
        self.network = network.to(self.device).eval()
        self.latent = int(getattr(network, "latent", 0))
        """Numbers in the noise of a picture."""
        level = getattr(network, "level", None)
        self.size = int(metadata["size"]) if level is None else side(level)
        """Side of a picture in pixels; of a network that grows, as far as it has."""
        self.grown = level is None or level == levels(metadata["size"])
        """Whether no resolution is still to come, or to fade in."""
        draws.name_modules(network)
        use_image_statistics(network, self.batch_norm == "image")

    def latents(self, seeds: Iterable[int], truncation: float | None = None) -> Tensor:
        """The noise of each seed, (n, latent); beyond +-truncation it is drawn again.

        Raises:
            ValueError: no seeds, a negative one, or a truncation that leaves nothing.
        """
        seeds = list(seeds)
        check_seeds(seeds)
        if not seeds:
            raise UsageError("no seeds, no noise; give one or more")
        return torch.stack([self._latent(seed, truncation) for seed in seeds])

    def _latent(self, seed: int, truncation: float | None) -> Tensor:
        generator = draws.seeded("sample", int(seed))  # on the CPU: the same on every device
        z = torch.randn(self.latent, generator=generator)
        return z if truncation is None else truncated(z, truncation, generator)

    def sample(self, n: int, seed: int = 0, truncation: float | None = None) -> list[Picture]:
        """The pictures of seeds seed .. seed + n - 1, (H, W, C) as the run's own are encoded.

        Raises:
            ValueError: n is below 1, or as `latents`.
        """
        check_count(n)
        return self.draw(self.latents(range(seed, seed + n), truncation))

    def draw(self, z: Tensor) -> list[Picture]:
        """A picture (H, W, C) in the run's encoding for each row of z.

        Raises:
            ValueError: as when called.
        """
        return [self.output.decode(values.float().cpu().numpy()) for values in self(z)]

    def __call__(self, z: Any) -> Any:
        """Draw: a tensor (N, latent) to a tensor (N, C, H, W).

        Raises:
            ValueError: it is no such tensor, or the weights are damaged.
        """
        if not isinstance(z, Tensor):
            kind = type(z).__name__
            raise ValueError(f"cannot draw from a {kind}; give noise (N, {self.latent})")
        if z.ndim != 2 or not len(z) or z.shape[1] != self.latent or not z.is_floating_point():
            kind = f"{z.dtype} of {tuple(z.shape)}"
            raise ValueError(f"cannot draw from {kind}; give floats (N, {self.latent})")
        return torch.cat([self._drawn(row[None]) for row in z])

    def _drawn(self, z: Tensor) -> Tensor:
        """(1, latent) to (1, C, H, W); a network without an end to its range is cut off there."""
        draws.begin(draws.Position(0, 0, "sample"))
        with torch.inference_mode():
            made: Tensor = self.network(z.float().to(self.device))
        if not made.isfinite().all():
            raise ValueError("the network's output is not finite; its weights are damaged")
        own = getattr(self.network, "output_range", SIGNED)
        return rescaled(made, own, SIGNED).clamp(*SIGNED).clone()


def check_count(count: int, least: int = 1) -> None:
    """Raise UsageError unless so many pictures can be drawn."""
    if count < least:
        raise UsageError(f"{count} pictures cannot be drawn; choose {least} or more")


def check_seeds(seeds: Iterable[int]) -> None:
    """Raise UsageError if one is negative."""
    for seed in seeds:
        if seed < 0:
            raise UsageError(f"{seed} is no seed; choose 0 or more")
