"""The report of an evaluation as one HTML file, which needs nothing but itself."""

from img2img.page.document import page
from img2img.page.parts import Chart, Figure, Neighbour, Row

__all__ = ["Chart", "Figure", "Neighbour", "Row", "page"]
