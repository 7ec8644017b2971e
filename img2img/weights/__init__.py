"""Frozen feature networks' weights: where they are looked for, and how they are got."""

from img2img.weights.finding import MissingWeightsError, find, find_all, load

__all__ = ["MissingWeightsError", "find", "find_all", "load"]
