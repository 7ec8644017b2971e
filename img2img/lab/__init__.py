"""The laboratory: experiments of seconds to a minute on the theory of GANs."""

from img2img.lab.laboratory import EXPERIMENTS, run

__all__ = ["EXPERIMENTS", "run"]
