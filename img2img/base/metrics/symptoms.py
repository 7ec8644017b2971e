"""Symptoms: figures of outputs and judgements that tell that a training is ill.

Pictures are (N, C, H, W) in [-1, 1], of a validation set rather than of a batch: several of these
figures compare sets. What they mean, and from where on they are bad, stands in `base/health.py`.
"""

from math import nan

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d, cosine_similarity, pdist

SATURATED = 4.0  # a logit this far from 0 leaves a sigmoid 2 % of its slope
LUMA = (0.299, 0.587, 0.114)  # ITU-R 601
CELLS = 8  # rows and columns of the means that diversity compares


def saturation(real: Tensor, fake: Tensor) -> float:
    """The share of D's logits, of any shape, that are beyond 4, where a sigmoid is flat."""
    certain = torch.cat([real.flatten(), fake.flatten()]).abs() > SATURATED
    return float(certain.double().mean())


def certainty(real: float, fake: float) -> float:
    """1 if D tells every picture right, from its accuracies of real and of fake ones."""
    return min(real, fake)


def blindness(real: float, fake: float) -> float:
    """1 if D says the same of every picture, from its accuracies of real and of fake ones.

    One that is right of half of each is not blind: there it is the fakes that are good.
    """
    return abs(real - fake)


def diversity(fakes: Tensor, reals: Tensor) -> float:
    """The mean distance of two fakes over that of two reals, both as 8 x 8 means.

    1 when healthy, 0 when all fakes are one picture; nan of sets of one, or if all reals are equal.
    """
    spreads = [pdist(_cells(pictures)).mean().item() for pictures in (fakes, reals)]
    return spreads[0] / spreads[1] if spreads[1] else nan


def inversion(inputs: Tensor, fakes: Tensor, targets: Tensor | None = None) -> float:
    """The correlation of luminance with the target, or without one with the input; its mean.

    -1 if dark and bright have changed places. Inputs may be inverted rightly (maps and photos);
    then the target, which pairs have, tells. A flat picture counts as 0.
    """
    others = inputs if targets is None else targets
    return cosine_similarity(_luminance(fakes), _luminance(others)).mean().item()


def drift(fakes: Tensor, reals: Tensor) -> float:
    """How far the mean colour is off, at most over the channels, from 0 to 2."""
    means = [pictures.double().mean((0, 2, 3)) for pictures in (fakes, reals)]
    return (means[0] - means[1]).abs().max().item()


def _cells(pictures: Tensor) -> Tensor:
    """(N, C * 8 * 8)."""
    return adaptive_avg_pool2d(pictures.double(), CELLS).flatten(1)


def _luminance(pictures: Tensor) -> Tensor:
    """(N, H * W), each row's mean taken off; the mean of the channels unless they are RGB."""
    values = pictures.double()
    if values.shape[1] == len(LUMA):
        values = values * values.new_tensor(LUMA).view(-1, 1, 1) * 3
    gray = values.mean(1).flatten(1)
    return gray - gray.mean(1, keepdim=True)
