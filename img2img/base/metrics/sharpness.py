"""Sharpness difference: how far the gradients of two pictures are apart (Mathieu et al. 2016)."""

from math import inf, log10

import numpy as np

from img2img.base.metrics.differences import check_pair, mean
from img2img.base.metrics.span import Mask, Unit


def sharpness(fake: Unit, real: Unit, mask: Mask | None = None) -> float:
    """10 log10(L^2 / mean |(|di Y| + |dj Y|) - (|di Y'| + |dj Y'|)|), in decibel   (section 4.1)

    The range is L = 1, and the differences are those to the pixel above and to the left. The error
    stands in the first power, so that figures of another range L are 10 log10(L) higher. Only
    places where all three pixels count do; nan without any, and infinite where gradients are equal.

    Raises:
        ValueError: the shapes differ.
    """
    check_pair(fake, real, mask)
    if mask is None:
        error = np.abs(_gradients(fake) - _gradients(real))
    else:
        ours, theirs = (np.where(mask[..., None], each, 0) for each in (fake, real))  # maybe nan
        whole = mask[1:, 1:] & mask[:-1, 1:] & mask[1:, :-1]
        error = np.abs(_gradients(ours) - _gradients(theirs))[whole]
    average = mean(error)
    return -10 * log10(average) if average else inf


def _gradients(picture: Unit) -> Unit:
    """(H, W, C) to (H - 1, W - 1, C)."""
    inner = picture[1:, 1:]
    gradients: Unit = np.abs(inner - picture[:-1, 1:]) + np.abs(inner - picture[1:, :-1])
    return gradients
