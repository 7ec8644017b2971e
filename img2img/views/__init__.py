"""Views: what the modes show and measure while they train."""

from img2img.views.noise import NOISE
from img2img.views.pairs import PAIRS
from img2img.views.resolutions import RESOLUTIONS
from img2img.views.unpaired import UNPAIRED
from img2img.views.view import (
    Column,
    Encodings,
    Figures,
    Networks,
    Outputs,
    View,
    evaluating,
    pictures,
)

__all__ = [
    "NOISE",
    "PAIRS",
    "RESOLUTIONS",
    "UNPAIRED",
    "Column",
    "Encodings",
    "Figures",
    "Networks",
    "Outputs",
    "View",
    "evaluating",
    "pictures",
]
