"""check: what a data set is, what suits it, and what must be mended before a training."""

from img2img.check.verb import check

__all__ = ["check"]
