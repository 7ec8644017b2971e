"""Request: what is to be drawn from noise."""

from collections.abc import Sequence
from dataclasses import dataclass

from img2img.arithmetic import Term
from img2img.base.latents import check_truncation
from img2img.config import UsageError
from img2img.formats.animated import ANIMATED
from img2img.interpolation import Interpolation
from img2img.naming import check_format
from img2img.sampler import check_count, check_seeds


@dataclass(frozen=True)
class Request:
    """As many pictures from a seed on, and what else is asked for."""

    count: int
    seed: int
    truncation: float | None
    format: str | None
    way: Interpolation | None
    animation: str
    terms: Sequence[Term]

    @property
    def seeds(self) -> range:
        """Of the pictures."""
        return range(self.seed, self.seed + self.count)

    def check(self) -> None:
        """Raise UsageError now, not after the work."""
        check_count(self.count, least=0 if self.way or self.terms else 1)
        check_seeds([self.seed, *(self.way.seeds if self.way else ())])
        if self.format is not None:
            check_format(self.format)
        if self.animation not in ANIMATED:
            choices = ", ".join(ANIMATED)
            raise UsageError(f"unknown animation {self.animation!r}; choose from {choices}")
        try:
            check_truncation(self.truncation)
            if self.way:
                self.way.check()
        except ValueError as error:  # base knows no options
            raise UsageError(str(error)) from error
