from io import BytesIO
from math import inf, nan

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from img2img.chart import BEST, chart


def pixels(content):
    return np.asarray(Image.open(BytesIO(content)).convert("RGB"))


def marked(content):
    """Columns that hold the colour of the best step."""
    colour = np.rint(np.array(to_rgb(BEST)) * 255)
    return np.flatnonzero((np.abs(pixels(content) - colour).max(2) < 2).any(0))


def test_the_best_step_is_marked_where_it_lies():
    steps, figures = [100, 200, 300], {"l1": [3.0, 1.0, 2.0]}
    first, last = (marked(chart("run", steps, figures, best)) for best in (100, 300))
    assert first.min() < last.min() / 2  # the dots; both have a label at the right
    assert not marked(chart("run", steps, figures, None)).size


def test_more_figures_are_more_panels_and_three_stand_in_a_row():
    sides = [
        pixels(chart("run", [1, 2], {str(n): [0, n] for n in range(count)}, 2)).shape[:2]
        for count in (1, 3, 4)
    ]
    assert sides[0][1] < sides[1][1] == sides[2][1]
    assert sides[0][0] == sides[1][0] < sides[2][0]


@pytest.mark.parametrize("values", [[inf, 1.0], [nan, nan]])
def test_what_is_not_finite_is_left_out_and_equal_figures_give_equal_bytes(values):
    title = "a long $name of a run that costs $ " * 5
    first, second = (chart(title, [7, 8], {"psnr": values}, 7) for _ in range(2))
    assert first == second
